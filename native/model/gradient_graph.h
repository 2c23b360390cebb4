#pragma once

#include <torch/csrc/autograd/function.h>

#include <optional>
#include <unordered_map>
#include <vector>

namespace fep {

/// The operations that lead from a clip to an answer, as autograd recorded them, each before what it was
/// computed from. With parameters frozen, all of them depend on the clip, and all paths end there.
class GradientGraph {
 public:
  /// answer: where it ends. Keeps the graph alive.
  explicit GradientGraph(torch::autograd::Edge answer);

  /// Operations are numbered from 0, the last one that ran.
  std::size_t size() const { return nodes_.size(); }
  torch::autograd::Node& operator[](std::size_t i) const { return *nodes_[i]; }
  /// What an operation was computed from; nothing for the clip.
  const std::vector<std::size_t>& inputs(std::size_t i) const { return inputs_[i]; }
  std::optional<std::size_t> find(const torch::autograd::Node* node) const;

  /// The operations that every path from all of `from` to the clip passes, in that order: a linear scan
  /// counts the edges that are open. Begins with `from` itself if it is one.
  std::vector<std::size_t> bottlenecks(const std::vector<std::size_t>& from) const;

  /// The operations on paths from `from` up to `until`, a bottleneck of it, `from` included and `until` not.
  std::vector<std::size_t> between(const std::vector<std::size_t>& from, std::size_t until) const;

 private:
  /// Which operations can be reached, by number.
  std::vector<bool> behind(const std::vector<std::size_t>& from) const;

  torch::autograd::Edge answer_;
  std::vector<torch::autograd::Node*> nodes_;
  std::vector<std::vector<std::size_t>> inputs_;
  std::unordered_map<const torch::autograd::Node*, std::size_t> numbers_;
};

}  // namespace fep
