#include "attribution/layer_gradient.h"

#include <ATen/ATen.h>

#include <sstream>

#include "attribution/stopwatch.h"
#include "model/feature_maps.h"
#include "model/input_gradient.h"

namespace fep {

LayerGradient layer_gradient(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                             const std::string& layer, double& seconds) {
  const Stopwatch watch(seconds);
  // The clip requires a gradient, so that the layer's output is part of a graph.
  const auto input = clip.unsqueeze(0).detach().requires_grad_(true);
  const auto activations = model.activations(input, layer);
  const auto layout = map_layout(activations.layer.sizes(), model.spec());
  if (!layout) {
    std::ostringstream message;
    message << "The layer " << layer << " returns " << activations.layer.sizes()
            << ", which has no extent in space.";
    throw LayerError(message.str());
  }
  const auto score = model.scores_of(activations.output)[0][target];
  const auto gradient = input_gradient(score, activations.layer);
  return {to_feature_maps(activations.layer.detach(), *layout).to(at::kFloat),
          to_feature_maps(gradient, *layout).to(at::kFloat)};
}

at::DimVector shared_axes(CamWeights weights) {
  return weights == CamWeights::clip ? at::DimVector{1, 2, 3} : at::DimVector{2, 3};
}

at::Tensor class_activation_map(const at::Tensor& maps, const at::Tensor& weights, const at::Tensor& clip) {
  const auto map = (weights * maps).sum(0).relu();
  return at::upsample_trilinear3d(map.unsqueeze(0).unsqueeze(0), clip.sizes().slice(1), false)[0][0];
}

}  // namespace fep
