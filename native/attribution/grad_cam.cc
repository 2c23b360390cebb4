#include "attribution/grad_cam.h"

#include <ATen/ATen.h>

namespace fep {

Attribution grad_cam(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                     const CamOptions& options) {
  Attribution result;
  result.map = at::zeros(clip.sizes().slice(1), clip.options());
  const auto axes = shared_axes(options.weights);
  for (const auto& [maps, gradient] :
       layer_gradients(model, clip, target, options.layer, result.model_seconds)) {
    const auto weights = axes.empty() ? gradient : gradient.mean(axes, /*keepdim=*/true);
    result.map += class_activation_map(maps, weights, clip);
  }
  return result;
}

}  // namespace fep
