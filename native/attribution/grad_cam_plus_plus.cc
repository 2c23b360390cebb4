#include "attribution/grad_cam_plus_plus.h"

#include <ATen/ATen.h>

#include <limits>

namespace fep {

Attribution grad_cam_plus_plus(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                               const CamOptions& options) {
  Attribution result;
  const auto [maps, gradient] = layer_gradient(model, clip, target, options.layer, result.model_seconds);
  const auto axes = shared_axes(options.weights);
  // Cubes of small gradients would underflow: g is measured in units of the largest.
  const auto unit = gradient.abs().max().clamp_min(std::numeric_limits<float>::min());
  const auto g = gradient / unit;
  const auto denominator = 2 * g.square() + maps.sum(axes, /*keepdim=*/true) * g.pow(3) * unit;
  const auto alpha = at::where(denominator == 0, 0, g.square() / denominator);
  const auto weights = (alpha * gradient.relu()).sum(axes, /*keepdim=*/true);
  result.map = class_activation_map(maps, weights, clip);
  return result;
}

}  // namespace fep
