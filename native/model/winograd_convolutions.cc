#include "model/winograd_convolutions.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/runtime/graph_iterator.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "ops/winograd_convolution.h"

namespace fep {
namespace {

using torch::jit::Node;
using Numbers = std::vector<std::int64_t>;

/// With fewer channels the sums around a product cost more than it saves.
constexpr std::int64_t kFewestChannels = 64;

/// Of channels of the input times of the output: beyond, planes are small, and a pass waits for its kernels.
constexpr std::int64_t kMostPairs = 300'000;

/// The inputs of frozen_convolution().
enum Input : std::size_t { kInput, kWeight, kBias, kStride, kPadding, kDilation, kGroups };

Numbers numbers(const Node& node, Input input) {
  const auto constant = torch::jit::toIValue(node.inputs()[input]);
  return constant && constant->isIntList() ? constant->toIntVector() : Numbers();
}

bool all_ones(const Numbers& values) {
  return !values.empty() && std::all_of(values.begin(), values.end(), [](auto value) { return value == 1; });
}

bool has_taps(const at::Tensor& weight, at::IntArrayRef taps) {
  return weight.sizes().slice(2) == taps;
}

bool is_along_time(const at::Tensor& weight) {
  return has_taps(weight, {3, 1, 1});
}

/// Three taps along both axes of frames, or along time; a plane may have time as its rows.
bool has_three_taps(const at::Tensor& weight) {
  return has_taps(weight, {3, 3}) || has_taps(weight, {3, 1}) || has_taps(weight, {1, 3, 3}) ||
         is_along_time(weight);
}

bool has_fitting_channels(const at::Tensor& weight) {
  return std::min(weight.size(0), weight.size(1)) >= kFewestChannels &&
         weight.size(0) * weight.size(1) <= kMostPairs;
}

/// The padding along a plane's rows and columns; nothing where it is no padding of Winograd's convolution.
std::optional<Numbers> plane_padding(const at::Tensor& weight, const Numbers& padding) {
  if (static_cast<std::int64_t>(padding.size()) != weight.dim() - 2) return {};
  auto plane = weight.dim() == 4       ? padding
               : is_along_time(weight) ? Numbers{padding[0], 0}
                                       : Numbers{padding[1], padding[2]};
  const auto sum = [](const Numbers& all) {
    return std::accumulate(all.begin(), all.end(), std::int64_t{0});
  };
  const auto is_of = [](std::int64_t n, std::int64_t taps) { return n >= 0 && n < taps; };
  const bool fits = is_of(plane[0], 3) && is_of(plane[1], weight.size(-1));
  return fits && sum(plane) == sum(padding) ? std::optional(plane) : std::nullopt;
}

bool replace(Node* node) {
  const auto weight = torch::jit::constant_as<at::Tensor>(node->inputs()[kWeight]);
  const auto groups = torch::jit::constant_as<std::int64_t>(node->inputs()[kGroups]);
  if (!weight || weight->scalar_type() != at::kFloat || groups != 1 || !has_three_taps(*weight)) return false;
  const bool moves_by_one = all_ones(numbers(*node, kStride)) && all_ones(numbers(*node, kDilation));
  const auto padding = plane_padding(*weight, numbers(*node, kPadding));
  if (!moves_by_one || !padding || !has_fitting_channels(*weight)) return false;
  auto* graph = node->owningGraph();
  const torch::jit::WithInsertPoint before(node);
  auto* kernels = graph->insertConstant(winograd_kernels(*weight));
  auto* other = graph->create(
      c10::Symbol::fromQualString("fep::winograd_convolution"),
      {node->inputs()[kInput], kernels, node->inputs()[kBias], graph->insertConstant(*padding)});
  graph->insertNode(other);
  other->output()->setType(node->output()->type());
  node->output()->replaceAllUsesWith(other->output());
  auto* given = node->inputs()[kWeight];
  node->destroy();
  if (!given->hasUses()) given->node()->destroy();  // its numbers as well: nobody needs them any more
  return true;
}

}  // namespace

bool use_winograd_convolutions(std::shared_ptr<torch::jit::Graph>& graph) {
  const auto frozen = c10::Symbol::fromQualString("fep::frozen_convolution");
  std::vector<Node*> convolutions;
  torch::jit::DepthFirstGraphNodeIterator nodes(graph);
  while (auto* node = nodes.next()) {
    if (node->kind() == frozen) convolutions.push_back(node);
  }
  return std::count_if(convolutions.begin(), convolutions.end(), replace) > 0;
}

}  // namespace fep
