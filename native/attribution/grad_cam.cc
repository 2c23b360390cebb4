#include "attribution/grad_cam.h"

#include <ATen/ATen.h>

namespace fep {

Attribution grad_cam(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                     const CamOptions& options) {
  Attribution result;
  const auto [maps, gradient] = layer_gradient(model, clip, target, options.layer, result.model_seconds);
  const auto weights = gradient.mean(shared_axes(options.weights), /*keepdim=*/true);
  result.map = class_activation_map(maps, weights, clip);
  return result;
}

}  // namespace fep
