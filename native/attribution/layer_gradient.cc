#include "attribution/layer_gradient.h"

#include <ATen/ATen.h>

#include <array>
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
  if (const auto form = map_form(output.sizes(), model.forward_spec(), {})) return *form;
  const auto tokens = output.dim() == 3 ? model.tokens() : std::nullopt;
  if (const auto form = map_form(output.sizes(), model.forward_spec(), tokens)) return *form;
  std::ostringstream message;
  message << "The layer " << layer << " returns " << output.sizes() << ", which has no extent in space.";
  throw LayerError(message.str());
}

/// A layer's map at the size of what the model takes, T×H×W.
at::Tensor enlarged_map(const LayerGradient& layer, const at::Tensor& weights, at::IntArrayRef sizes) {
  const auto map = (weights * layer.maps).sum(0).relu();
  return at::upsample_trilinear3d(map.unsqueeze(0).unsqueeze(0), sizes, false)[0][0];
}

}  // namespace

std::vector<std::vector<LayerGradient>> layer_gradients(VideoModel& model, const at::Tensor& clip,
                                                        std::int64_t target, const std::string& layers,
                                                        double& seconds) {
  const Stopwatch watch(seconds);
  const auto names = names_in(layers);
  if (names.empty()) throw LayerError("No layer is named.");
  // The clip requires a gradient, so that the layers' outputs are part of a graph.
  const auto input = clip.unsqueeze(0).detach().requires_grad_(true);
  const auto activations = model.activations(input, names);
  const auto& outputs = activations.layers;
  std::vector<MapForm> forms;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    forms.push_back(require_form(model, outputs[i], names[i % names.size()]));
  }
  const auto score = model.scores_of(activations.output)[0][target];
  const auto gradients = input_gradients(score, outputs);
  std::vector<std::vector<LayerGradient>> result(outputs.size() / names.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    result[i / names.size()].push_back({to_feature_maps(outputs[i].detach(), forms[i]).to(at::kFloat),
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

Attribution class_activation_map(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                                 const std::string& layers, const WeightsOf& weights_of) {
  Attribution result;
  const auto& seen = model.forward_spec();
  const std::array<std::int64_t, 3> sizes{seen.frames, seen.height, seen.width};
  std::vector<at::Tensor> maps;
  for (const auto& view : layer_gradients(model, clip, target, layers, result.model_seconds)) {
    auto map = at::zeros(sizes, clip.options());
    for (const auto& layer : view) map += enlarged_map(layer, weights_of(layer), sizes);
    maps.push_back(map);
  }
  result.map = model.views().empty() ? maps[0] : join_views(maps, model.views(), clip.sizes().slice(1));
  return result;
}

}  // namespace fep
