#include "attribution/grad_cam_plus_plus.h"

#include <ATen/ATen.h>

#include <limits>

namespace fep {
namespace {

/// w_c. Cubes of small gradients would underflow: g is measured in units of the largest.
at::Tensor shared_weights(const LayerGradient& layer, at::IntArrayRef axes) {
  const auto& [maps, gradient] = layer;
  const auto unit = gradient.abs().max().clamp_min(std::numeric_limits<float>::min());
  const auto g = gradient / unit;
  const auto denominator = 2 * g.square() + maps.sum(axes, /*keepdim=*/true) * g.pow(3) * unit;
  const auto alpha = at::where(denominator == 0, 0, g.square() / denominator);
  return (alpha * gradient.relu()).sum(axes, /*keepdim=*/true);
}

}  // namespace

Attribution grad_cam_plus_plus(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                               const CamOptions& options) {
  const auto axes = shared_axes(options.weights);
  if (axes.empty())
    throw LayerError("Grad-CAM++ has no weight for each position: its sums are over positions.");
  return class_activation_map(model, clip, target, options.layer,
                              [&](const LayerGradient& layer) { return shared_weights(layer, axes); });
}

}  // namespace fep
