#include "attribution/grad_cam.h"

#include <ATen/ATen.h>

namespace fep {

Attribution grad_cam(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                     const CamOptions& options) {
  const auto axes = shared_axes(options.weights);
  return class_activation_map(model, clip, target, options.layer, [&](const LayerGradient& layer) {
    return axes.empty() ? layer.gradient : layer.gradient.mean(axes, /*keepdim=*/true);
  });
}

}  // namespace fep
