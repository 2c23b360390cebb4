#include "model/winograd_convolutions.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/runtime/graph_iterator.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "network/flat_convolution.h"
#include "network/winograd_convolution.h"

namespace fep {
namespace {

using torch::jit::Node;
using Numbers = std::vector<std::int64_t>;

/// With fewer channels the sums around a product cost more than it saves.
constexpr std::int64_t kFewestChannels = 64;

/// Input channels times output channels, for each frame of a kernel: with more, planes are small and a pass
/// waits for its kernels.
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

bool moves_along_all_axes(const at::Tensor& weight) {
  return weight.dim() == 5 && weight.size(2) > 1 && weight.size(4) > 1;
}

bool has_fitting_channels(const at::Tensor& weight) {
  const auto frames = moves_along_all_axes(weight) ? weight.size(2) : 1;
  return std::min(weight.size(0), weight.size(1)) >= kFewestChannels &&
         weight.size(0) * weight.size(1) * frames <= kMostPairs;
}

/// The convolution as one on planes, or as it is where it moves along all three axes.
std::optional<ConvolutionShape> plane_shape(const at::Tensor& weight, const ConvolutionShape& shape) {
  if (weight.dim() == 4 || moves_along_all_axes(weight)) return shape;
  const auto flat = FlatConvolution::of(weight, shape);
  return flat ? std::optional(flat->flatten(shape)) : std::nullopt;
}

/// Whether it has stride 1, and a padding that never leaves all of its taps outside the input.
bool is_winograds(const at::Tensor& weight, const ConvolutionShape& plane) {
  const auto& padding = plane.padding;
  const auto is_of = [](std::int64_t n, std::int64_t taps) { return n >= 0 && n < taps; };
  return all_ones(plane.stride) && all_ones(plane.dilation) && plane.groups == 1 &&
         padding.size() == plane.stride.size() && padding.size() >= 2 &&
         is_of(padding.back(), weight.size(-1)) &&
         std::all_of(padding.begin(), padding.end() - 1, [&](auto n) { return is_of(n, 3); });
}

bool replace(Node* node) {
  const auto weight = torch::jit::constant_as<at::Tensor>(node->inputs()[kWeight]);
  const auto groups = torch::jit::constant_as<std::int64_t>(node->inputs()[kGroups]);
  if (!weight || !groups || weight->scalar_type() != at::kFloat) return false;
  if (!has_winograd_taps(*weight) || !has_fitting_channels(*weight)) return false;
  const auto plane = plane_shape(
      *weight, {numbers(*node, kStride), numbers(*node, kPadding), numbers(*node, kDilation), *groups});
  if (!plane || !is_winograds(*weight, *plane)) return false;
  auto* graph = node->owningGraph();
  const torch::jit::WithInsertPoint before(node);
  auto* kernels = graph->insertConstant(winograd_kernels(*weight));
  auto* gradient_kernels = graph->insertConstant(winograd_gradient_kernels(*weight));
  auto* other = graph->create(c10::Symbol::fromQualString("fep::winograd_convolution"),
                              {node->inputs()[kInput], kernels, gradient_kernels, node->inputs()[kBias],
                               graph->insertConstant(plane->padding)});
  graph->insertNode(other);
  other->output()->setType(node->output()->type());
  node->output()->replaceAllUsesWith(other->output());
  auto* given = node->inputs()[kWeight];
  node->destroy();
  if (!given->hasUses()) given->node()->destroy();  // frees the original weights
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
