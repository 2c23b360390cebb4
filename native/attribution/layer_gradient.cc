#include "attribution/layer_gradient.h"

#include <ATen/ATen.h>

#include <sstream>

#include "attribution/stopwatch.h"
#include "model/feature_maps.h"
#include "model/input_gradient.h"

namespace fep {
namespace {

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream text(list);
  for (std::string name; std::getline(text, name, ',');) names.push_back(name);
  return names;
}

/// The grid of tokens is asked for only where it is needed: the model may have to be run for it.
MapForm require_form(VideoModel& model, const at::Tensor& output, const std::string& layer) {
  if (const auto form = map_form(output.sizes(), model.spec(), {})) return *form;
  const auto tokens = output.dim() == 3 ? model.tokens() : std::nullopt;
  if (const auto form = map_form(output.sizes(), model.spec(), tokens)) return *form;
  std::ostringstream message;
  message << "The layer " << layer << " returns " << output.sizes() << ", which has no extent in space.";
  throw LayerError(message.str());
}

}  // namespace

std::vector<LayerGradient> layer_gradients(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                                           const std::string& layers, double& seconds) {
  const Stopwatch watch(seconds);
  const auto names = names_in(layers);
  if (names.empty()) throw LayerError("No layer is named.");
  // The clip requires a gradient, so that the layers' outputs are part of a graph.
  const auto input = clip.unsqueeze(0).detach().requires_grad_(true);
  const auto activations = model.activations(input, names);
  std::vector<MapForm> forms;
  for (std::size_t i = 0; i < names.size(); ++i) {
    forms.push_back(require_form(model, activations.layers[i], names[i]));
  }
  const auto score = model.scores_of(activations.output)[0][target];
  const auto gradients = input_gradients(score, activations.layers);
  std::vector<LayerGradient> result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    result.push_back({to_feature_maps(activations.layers[i].detach(), forms[i]).to(at::kFloat),
                      to_feature_maps(gradients[i], forms[i]).to(at::kFloat)});
  }
  return result;
}

at::DimVector shared_axes(CamWeights weights) {
  switch (weights) {
    case CamWeights::clip:
      return {1, 2, 3};
    case CamWeights::frame:
      return {2, 3};
    default:
      return {};
  }
}

at::Tensor class_activation_map(const at::Tensor& maps, const at::Tensor& weights, const at::Tensor& clip) {
  const auto map = (weights * maps).sum(0).relu();
  return at::upsample_trilinear3d(map.unsqueeze(0).unsqueeze(0), clip.sizes().slice(1), false)[0][0];
}

}  // namespace fep
