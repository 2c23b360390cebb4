#include "model/deciding_layers.h"

#include <algorithm>
#include <map>
#include <set>

#include "model/gradient_operators.h"

namespace fep {
namespace {

using Numbers = std::vector<std::size_t>;

bool is_tokens(const LayerPlace& layer) {
  return layer.form && layer.form->grid;
}

/// Operations that are feature maps, and layers by operation.
class Places {
 public:
  Places(const GradientGraph& graph, const std::vector<LayerPlace>& layers,
         const std::function<std::optional<MapForm>(at::IntArrayRef)>& form)
      : graph_(graph), has_form_(graph.size(), false) {
    for (std::size_t i = 0; i < graph.size(); ++i) {
      const auto sizes = sizes_of_output(graph[i]);
      has_form_[i] = sizes && form(*sizes);
    }
    for (std::size_t i = 0; i < graph.size(); ++i) {
      if (is_softmax(graph[i])) leave_out_attention(i);
    }
    for (const auto& layer : layers) {
      const auto number = layer.form ? graph.find(layer.edge.function.get()) : std::nullopt;
      if (number) layers_[*number].push_back(&layer);
    }
  }

  bool has_form(std::size_t i) const { return has_form_[i]; }

  /// The layer that returned this; of nested layers the outermost that returned nothing else, of those that
  /// hand it on, as dropout, the first.
  const LayerPlace* layer(std::size_t i) const {
    const auto found = layers_.find(i);
    if (found == layers_.end()) return nullptr;
    const auto* first = found->second.front();
    const auto* outermost = first;
    for (const auto* other : found->second) {
      if (!other->is_entry && first->name.starts_with(other->name + ".")) outermost = other;
    }
    return outermost;
  }

  const GradientGraph& graph() const { return graph_; }

 private:
  /// Weights of attention, N×heads×L×L, can look like frames; before softmax as well as after it.
  void leave_out_attention(std::size_t softmax) {
    const auto sizes = sizes_of_output(graph_[softmax]);
    if (!sizes || sizes->size() < 2 || sizes->back() != (*sizes)[sizes->size() - 2]) return;
    has_form_[softmax] = false;
    for (Numbers open{softmax}; !open.empty();) {
      const auto i = open.back();
      open.pop_back();
      for (const auto input : graph_.inputs(i)) {
        if (!has_form_[input] || sizes_of_output(graph_[input]) != sizes) continue;
        has_form_[input] = false;
        open.push_back(input);
      }
    }
    for (std::size_t i = softmax; i-- > 0;) {
      const auto& inputs = graph_.inputs(i);
      const bool is_same = inputs.size() == 1 && sizes_of_output(graph_[i]) == sizes;
      if (is_same && sizes_of_output(graph_[inputs[0]]) == sizes && !has_form_[inputs[0]])
        has_form_[i] = false;
    }
  }

  const GradientGraph& graph_;
  std::vector<bool> has_form_;
  std::map<std::size_t, std::vector<const LayerPlace*>> layers_;
};

bool any_mixes(const GradientGraph& graph, const Numbers& numbers) {
  return std::any_of(numbers.begin(), numbers.end(), [&](std::size_t i) { return mixes_places(graph[i]); });
}

/// The first feature maps on every path from the answer, none where a path has none.
std::optional<Numbers> frontier(const Places& places) {
  Numbers found, open{0};
  std::set<std::size_t> seen{0};
  while (!open.empty()) {
    const auto i = open.back();
    open.pop_back();
    if (places.has_form(i)) {
      found.push_back(i);
      continue;
    }
    const auto& inputs = places.graph().inputs(i);
    if (inputs.empty()) return std::nullopt;
    for (const auto input : inputs) {
      if (seen.insert(input).second) open.push_back(input);
    }
  }
  return found;
}

/// What goes into the poolings that `i` was made of with nothing between that mixes places; empty where it
/// was made of anything else.
Numbers before_pooling(const GradientGraph& graph, std::size_t i) {
  Numbers found, open{i};
  std::set<std::size_t> seen{i};
  while (!open.empty()) {
    const auto next = open.back();
    open.pop_back();
    const auto& inputs = graph.inputs(next);
    if (mixes_places(graph[next]) || inputs.empty()) return {};
    const bool is_pooling = pools(graph[next]);
    for (const auto input : inputs) {
      if (!seen.insert(input).second) continue;
      (is_pooling ? found : open).push_back(input);
    }
  }
  return found;
}

/// From operations back to the nearest layers, out of pooling heads; none where a path reaches the clip.
class LayerCut {
 public:
  explicit LayerCut(const Places& places) : places_(places) {}

  std::optional<Numbers> of(const Numbers& from) {
    for (const auto i : from) settle(i);
    if (reached_clip_) return std::nullopt;
    drop_passed();
    join();
    return Numbers(found_.begin(), found_.end());
  }

 private:
  void settle(std::size_t from) {
    Numbers open{from};
    while (!open.empty()) {
      const auto i = open.back();
      open.pop_back();
      if (!seen_.insert(i).second) continue;
      if (const auto pooled = before_pooling(places_.graph(), i); !pooled.empty()) {
        open.insert(open.end(), pooled.begin(), pooled.end());
        continue;
      }
      if (places_.layer(i)) {
        found_.insert(i);
        continue;
      }
      const auto& inputs = places_.graph().inputs(i);
      reached_clip_ = reached_clip_ || inputs.empty();
      open.insert(open.end(), inputs.begin(), inputs.end());
    }
  }

  /// Leaves out what the clip reaches through others only, as gates of a map by itself. Where that mixes
  /// places and has the others' sizes, it is a branch beside a shortcut, and no layer contains both: then the
  /// last such branch is taken alone.
  void drop_passed() {
    for (const auto i : Numbers(found_.begin(), found_.end())) {
      const auto way = way_back(i);
      if (way.reaches_clip) continue;
      found_.erase(i);
      const auto sizes = sizes_of_output(places_.graph()[i]);
      const auto is_alike = [&](std::size_t other) {
        return sizes_of_output(places_.graph()[other]) == sizes;
      };
      if (!way.mixes || !std::any_of(found_.begin(), found_.end(), is_alike)) continue;
      found_ = {i};
      return;
    }
  }

  struct Way {
    bool reaches_clip = false;
    bool mixes = false;
  };

  /// From one that was found, past none of the others.
  Way way_back(std::size_t from) const {
    Way way;
    Numbers open{from};
    std::set<std::size_t> seen;
    while (!open.empty()) {
      const auto i = open.back();
      open.pop_back();
      const auto& inputs = places_.graph().inputs(i);
      way.reaches_clip = way.reaches_clip || inputs.empty();
      way.mixes = way.mixes || mixes_places(places_.graph()[i]);
      for (const auto input : inputs) {
        if (!found_.contains(input) && seen.insert(input).second) open.push_back(input);
      }
    }
    return way;
  }

  /// Several that were made of one layer without mixing places, as keys and values, become that layer.
  void join() {
    if (found_.size() < 2) return;
    const auto& graph = places_.graph();
    const Numbers several(found_.begin(), found_.end());
    for (const auto i : graph.bottlenecks(several)) {
      if (any_mixes(graph, graph.between(several, i))) return;
      if (!places_.layer(i)) continue;
      found_ = {i};
      return;
    }
  }

  const Places& places_;
  std::set<std::size_t> found_, seen_;
  bool reached_clip_ = false;
};

std::vector<const LayerPlace*> layers_at(const Places& places, const std::optional<Numbers>& cut) {
  std::vector<const LayerPlace*> layers;
  for (const auto i : cut.value_or(Numbers{})) layers.push_back(places.layer(i));
  std::sort(layers.begin(), layers.end());  // by place in the list: in the order in which they ran
  return layers;
}

/// The layer that normalises what another returned, if there is one: where no patch of it but through
/// attention reaches the answer, all of them pass that layer. The sum over channels of its input times its
/// gradient is 0.
const LayerPlace* normalised(const Places& places, const LayerPlace& layer) {
  const auto& graph = places.graph();
  const auto from = graph.find(layer.edge.function.get());
  for (std::size_t i = 0; from && i < *from; ++i) {
    const auto* norm =
        is_layer_norm(graph[i]) && graph.inputs(i) == Numbers{*from} ? places.layer(i) : nullptr;
    if (norm && is_tokens(*norm)) return norm;
  }
  return nullptr;
}

/// Tokens that every path passes, the last first, as long as there is attention behind them; before each,
/// what normalises it for the attention after it.
std::vector<const LayerPlace*> token_bottlenecks(const Places& places) {
  const auto& graph = places.graph();
  std::size_t last_attention = 0;
  for (std::size_t i = 0; i < graph.size(); ++i) {
    if (attends(graph[i])) last_attention = i;
  }
  std::vector<const LayerPlace*> found;
  for (const auto i : graph.bottlenecks({0})) {
    const auto* layer = i < last_attention ? places.layer(i) : nullptr;
    if (!layer || !is_tokens(*layer)) continue;
    if (const auto* norm = normalised(places, *layer)) found.push_back(norm);
    found.push_back(layer);
  }
  return found;
}

/// The first of the layers with a gradient.
std::vector<const LayerPlace*> first_with(const std::vector<const LayerPlace*>& layers,
                                          const HasGradient& has_gradient) {
  const auto has = layers.empty() ? std::vector<bool>{} : has_gradient(layers);
  const auto found = std::find(has.begin(), has.end(), true);
  return found == has.end() ? std::vector<const LayerPlace*>{}
                            : std::vector{layers[static_cast<std::size_t>(found - has.begin())]};
}

/// Where the tokens that were found have a class token's gradient only: tokens before them.
std::vector<const LayerPlace*> with_gradient(const std::vector<const LayerPlace*>& found,
                                             const Places& places, const std::vector<LayerPlace>& layers,
                                             const HasGradient& has_gradient) {
  const bool has_tokens = std::any_of(layers.begin(), layers.end(), is_tokens);
  const auto is_map = [](const LayerPlace* layer) { return !is_tokens(*layer); };
  if (!has_tokens || (!found.empty() && std::all_of(found.begin(), found.end(), is_map))) return found;
  const auto has = found.empty() ? std::vector<bool>{} : has_gradient(found);
  if (!found.empty() && std::find(has.begin(), has.end(), false) == has.end()) return found;
  if (auto earlier = first_with(token_bottlenecks(places), has_gradient); !earlier.empty()) return earlier;
  std::vector<const LayerPlace*> all;
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (is_tokens(*layer) && layer->edge.is_valid()) all.push_back(&*layer);
  }
  return first_with(all, has_gradient);
}

}  // namespace

std::vector<std::string> deciding_layers(const GradientGraph& graph, const std::vector<LayerPlace>& layers,
                                         const std::function<std::optional<MapForm>(at::IntArrayRef)>& form,
                                         const HasGradient& has_gradient) {
  const Places places(graph, layers, form);
  const auto maps = frontier(places);
  const auto cut = maps ? LayerCut(places).of(*maps) : std::nullopt;
  std::vector<std::string> names;
  for (const auto* layer : with_gradient(layers_at(places, cut), places, layers, has_gradient)) {
    names.push_back(layer->name);
  }
  return names;
}

}  // namespace fep
