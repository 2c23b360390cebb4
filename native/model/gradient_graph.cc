#include "model/gradient_graph.h"

#include <algorithm>
#include <utility>

namespace fep {
namespace {

using torch::autograd::Node;

std::vector<Node*> inputs_of(const Node& node) {
  std::vector<Node*> inputs;
  for (const auto& edge : node.next_edges()) {
    if (edge.function) inputs.push_back(edge.function.get());
  }
  return inputs;
}

/// How many edges lead to each operation.
std::unordered_map<const Node*, std::size_t> count_uses(Node* root) {
  std::unordered_map<const Node*, std::size_t> uses{{root, 0}};
  std::vector<Node*> open{root};
  while (!open.empty()) {
    const auto* node = open.back();
    open.pop_back();
    for (auto* input : inputs_of(*node)) {
      const auto [use, is_new] = uses.try_emplace(input, 0);
      ++use->second;
      if (is_new) open.push_back(input);
    }
  }
  return uses;
}

}  // namespace

GradientGraph::GradientGraph(torch::autograd::Edge answer) : answer_(std::move(answer)) {
  auto uses = count_uses(answer_.function.get());
  std::vector<Node*> ready{answer_.function.get()};
  while (!ready.empty()) {
    auto* node = ready.back();
    ready.pop_back();
    numbers_[node] = nodes_.size();
    nodes_.push_back(node);
    for (auto* input : inputs_of(*node)) {
      if (--uses[input] == 0) ready.push_back(input);
    }
  }
  for (const auto* node : nodes_) {
    auto& inputs = inputs_.emplace_back();
    for (const auto* input : inputs_of(*node)) inputs.push_back(numbers_.at(input));
  }
}

std::optional<std::size_t> GradientGraph::find(const Node* node) const {
  const auto found = numbers_.find(node);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<bool> GradientGraph::behind(const std::vector<std::size_t>& from) const {
  std::vector<bool> reached(size(), false);
  for (const auto i : from) reached[i] = true;
  for (std::size_t i = 0; i < size(); ++i) {
    if (!reached[i]) continue;
    for (const auto input : inputs_[i]) reached[input] = true;
  }
  return reached;
}

std::vector<std::size_t> GradientGraph::bottlenecks(const std::vector<std::size_t>& from) const {
  const auto reached = behind(from);
  std::vector<std::size_t> uses(size(), 0);
  for (const auto i : from) ++uses[i];
  for (std::size_t i = 0; i < size(); ++i) {
    if (!reached[i]) continue;
    for (const auto input : inputs_[i]) ++uses[input];
  }
  std::vector<std::size_t> found;
  std::size_t open = from.size();
  for (std::size_t i = 0; i < size(); ++i) {
    if (!reached[i]) continue;
    if (open == uses[i]) found.push_back(i);
    open += inputs_[i].size();
    open -= uses[i];
  }
  return found;
}

std::vector<std::size_t> GradientGraph::between(const std::vector<std::size_t>& from,
                                                std::size_t until) const {
  const auto reached = behind(from);
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < until; ++i) {
    if (reached[i]) found.push_back(i);
  }
  return found;
}

}  // namespace fep
