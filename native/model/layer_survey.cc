#include "model/layer_survey.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/functions/utils.h>

#include <algorithm>

#include "model/deciding_layers.h"
#include "model/gradient_operators.h"

namespace fep {
namespace {

using torch::autograd::Edge;

/// Class tokens that an embedding of patches may be preceded by without the manifest saying so.
constexpr std::int64_t kMostPrefix = 4;

/// Share of the largest gradient below which there is none.
constexpr double kNoGradient = 1e-6;

struct Observed {
  std::string name;
  std::vector<std::int64_t> sizes;
  Edge edge;
};

struct Run {
  std::vector<Observed> layers;  ///< each once, in the order in which they ran last
  at::Tensor answer;
};

Run run(const SurveyedModel& model, const at::Tensor& clip) {
  Run result;
  const auto look = [&](const std::string& name, const at::Tensor& output) {
    std::erase_if(result.layers, [&](const Observed& layer) { return layer.name == name; });
    const auto edge = output.requires_grad() ? torch::autograd::impl::gradient_edge(output) : Edge();
    result.layers.push_back({name, output.sizes().vec(), edge});
    return output;
  };
  result.answer = model.run(clip, look);
  return result;
}

/// With a graph where the model, and the memory, can do that.
Run run_with_graph(const SurveyedModel& model, const at::Tensor& clip) {
  try {
    const at::AutoGradMode with_gradient(true);
    return run(model, clip);
  } catch (const std::exception&) {
    const at::NoGradGuard no_gradient;
    return run(model, clip.detach());
  }
}

/// Zeros in the shape of what an operation returned.
at::Tensor zeros_of(const Edge& edge) {
  const auto sizes = sizes_of_output(*edge.function, edge.input_nr).value();
  return at::zeros(sizes, edge.function->input_metadata(edge.input_nr).options());
}

/// The gradients of Σ weights·output of an operation; undefined where the backward pass fails.
torch::autograd::variable_list gradients(const Edge& of, const at::Tensor& weights,
                                         const torch::autograd::edge_list& with_respect_to) {
  try {
    return torch::autograd::Engine::get_default_engine().execute({of}, {weights}, /*keep_graph=*/true,
                                                                 /*create_graph=*/false,
                                                                 /*accumulate_grad=*/false, with_respect_to);
  } catch (const std::exception&) {
    return torch::autograd::variable_list(with_respect_to.size());
  }
}

void fill_randomly(const at::Tensor& weights) {
  weights.copy_(at::randn(weights.sizes(), at::detail::createCPUGenerator(1)));
}

/// The sizes of a grid of patches, if a layer can be their embedding.
std::optional<std::array<std::int64_t, 3>> embedded_grid(at::IntArrayRef sizes, const ModelSpec& spec) {
  const auto form = map_form(sizes, spec, {});
  if (!form) return std::nullopt;
  if (form->layout == MapLayout::NCTHW) return std::array{sizes[2], sizes[3], sizes[4]};
  if (form->layout == MapLayout::TCHW) return std::array{sizes[0], sizes[2], sizes[3]};
  return std::nullopt;
}

/// The most class tokens with which any of the later layers has the patches: 1×L×C, else those of each frame,
/// T'×L×C; none where no layer has them.
std::optional<std::int64_t> prefix_of(const std::vector<Observed>& layers, std::size_t embedding,
                                      const std::array<std::int64_t, 3>& grid) {
  const auto [time, height, width] = grid;
  const auto channels = layers[embedding].sizes[1];
  const auto most = [&](std::int64_t batch, std::int64_t patches) {
    std::optional<std::int64_t> prefix;
    for (std::size_t i = embedding + 1; i < layers.size(); ++i) {
      const auto& sizes = layers[i].sizes;
      if (sizes.size() != 3 || sizes[0] != batch || sizes[2] != channels) continue;
      const auto more = sizes[1] - patches;
      if (more >= 0 && more <= kMostPrefix) prefix = std::max(prefix.value_or(0), more);
    }
    return prefix;
  };
  const auto whole = most(1, time * height * width);
  return whole ? whole : most(time, height * width);
}

std::optional<TokenGrid> infer_tokens(const std::vector<Observed>& layers, const ModelSpec& spec) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto grid = embedded_grid(layers[i].sizes, spec);
    const auto prefix = grid ? prefix_of(layers, i, *grid) : std::nullopt;
    if (prefix) return TokenGrid{*grid, *prefix};
  }
  return std::nullopt;
}

/// The number of the cell of the grid that the second patch of a layer depends on most.
std::int64_t place_of_second(const Edge& layer, const at::Tensor& clip, const TokenGrid& tokens) {
  const auto weights = zeros_of(layer);
  fill_randomly(weights.select(1, tokens.prefix + 1));
  const auto gradient = gradients(layer, weights, {torch::autograd::impl::gradient_edge(clip)})[0];
  if (!gradient.defined()) return 1;
  const auto cells = at::adaptive_avg_pool3d(gradient.to(at::kFloat).abs().sum(1), tokens.sizes);
  return cells.argmax().item<std::int64_t>();
}

bool has_time_last(const std::vector<Observed>& layers, const at::Tensor& clip, const TokenGrid& tokens) {
  const auto [time, height, width] = tokens.sizes;
  if (time == 1 || height * width == 1) return false;
  const auto is_whole = [&](const Observed& layer) {
    return layer.edge.is_valid() && layer.sizes.size() == 3 && layer.sizes[0] == 1 &&
           layer.sizes[1] == tokens.tokens();
  };
  const auto first = std::find_if(layers.begin(), layers.end(), is_whole);
  return first != layers.end() && place_of_second(first->edge, clip, tokens) == height * width;
}

std::vector<bool> have_gradient(const Edge& answer, const std::vector<const LayerPlace*>& layers) {
  torch::autograd::edge_list edges;
  for (const auto* layer : layers) edges.push_back(layer->edge);
  const auto weights = zeros_of(answer);
  fill_randomly(weights);
  const auto found = gradients(answer, weights, edges);
  std::vector<bool> result;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& gradient = found[i];
    if (!gradient.defined()) {
      result.push_back(false);
      continue;
    }
    const auto largest = gradient.abs().max().item<double>();
    const auto of_patches = to_feature_maps(gradient, *layers[i]->form).abs().max().item<double>();
    result.push_back(of_patches > kNoGradient * largest);
  }
  return result;
}

std::vector<std::string> default_layers(const Run& run, const std::vector<Layer>& layers,
                                        const ObservableForward& forward,
                                        const std::function<std::optional<MapForm>(at::IntArrayRef)>& form) {
  if (!run.answer.requires_grad()) return {};
  std::vector<LayerPlace> places;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& name = layers[i].name;
    places.push_back({name, layers[i].form, forward.returns_tuple(name), run.layers[i].edge});
  }
  const auto answer = torch::autograd::impl::gradient_edge(run.answer);
  const auto has_gradient = [&](const std::vector<const LayerPlace*>& some) {
    return have_gradient(answer, some);
  };
  return deciding_layers(GradientGraph(answer), places, form, has_gradient);
}

}  // namespace

LayerSurvey survey_layers(const SurveyedModel& model) {
  const auto& spec = model.spec;
  const auto generator = at::detail::createCPUGenerator(0);
  const auto clip = at::randn({1, spec.channels, spec.frames, spec.height, spec.width}, generator)
                        .to(model.device)
                        .requires_grad_(true);
  const auto run = run_with_graph(model, clip);
  LayerSurvey survey;
  survey.tokens = spec.tokens ? spec.tokens : infer_tokens(run.layers, spec);
  if (survey.tokens) survey.tokens->time_last = has_time_last(run.layers, clip, *survey.tokens);
  const auto form = [&](at::IntArrayRef sizes) { return map_form(sizes, spec, survey.tokens); };
  for (const auto& [name, sizes, edge] : run.layers) {
    survey.layers.push_back({name, model.forward.type_of(name), sizes, form(sizes), false});
  }
  const auto names = default_layers(run, survey.layers, model.forward, form);
  for (auto& layer : survey.layers) {
    layer.is_default = std::find(names.begin(), names.end(), layer.name) != names.end();
  }
  return survey;
}

}  // namespace fep
