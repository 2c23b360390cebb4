#include "model/gradient_operators.h"

#include <torch/csrc/autograd/generated/Functions.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace fep {
namespace {

using torch::autograd::Node;

template <std::size_t count>
bool is_named(const Node& node, const std::array<std::string_view, count>& beginnings) {
  const auto name = node.name();
  const auto begins = [&](std::string_view beginning) { return name.starts_with(beginning); };
  return std::any_of(beginnings.begin(), beginnings.end(), begins);
}

constexpr auto kPools =
    std::to_array<std::string_view>({"AvgPool", "MaxPool", "AdaptiveAvgPool", "AdaptiveMaxPool", "Mean",
                                     "Amax", "MaxBackward", "MkldnnAdaptive", "MkldnnMaxPool"});
constexpr auto kProducts = std::to_array<std::string_view>({"Bmm", "Baddbmm", "Mm"});
constexpr auto kAttentions = std::to_array<std::string_view>({"ScaledDotProduct", "FlashAttention"});
constexpr auto kConvolutions = std::to_array<std::string_view>({"Convolution", "SlowConv", "ThnnConv"});

/// Whether both factors depend on the clip; with weights, one does.
bool has_two_factors(const Node& node) {
  const auto& edges = node.next_edges();
  const auto depends = [](const torch::autograd::Edge& edge) { return edge.is_valid(); };
  return std::count_if(edges.begin(), edges.end(), depends) > 1;
}

/// Whether a convolution of this overload has more than one tap; none where it is of another.
template <typename Convolution>
std::optional<bool> has_taps_as(const Node& node) {
  const auto* convolution = dynamic_cast<const Convolution*>(&node);
  if (!convolution) return std::nullopt;
  const auto weight = convolution->weight_.unpack();
  const auto taps = weight.sizes().slice(2);
  return std::any_of(taps.begin(), taps.end(), [](std::int64_t size) { return size > 1; });
}

/// Whether a convolution has more than one tap; where it does not say, it has.
bool has_taps(const Node& node) {
  using namespace torch::autograd::generated;
  const auto scripted = has_taps_as<ConvolutionBackward0>(node);
  return scripted ? *scripted : has_taps_as<ConvolutionBackward1>(node).value_or(true);
}

}  // namespace

bool attends(const Node& node) {
  return is_named(node, kAttentions) || (is_named(node, kProducts) && has_two_factors(node));
}

bool mixes_places(const Node& node) {
  return attends(node) || (is_named(node, kConvolutions) && has_taps(node));
}

bool pools(const Node& node) {
  return is_named(node, kPools);
}

bool is_layer_norm(const Node& node) {
  return is_named(node, std::to_array<std::string_view>({"NativeLayerNorm"}));
}

bool is_softmax(const Node& node) {
  return is_named(node, std::to_array<std::string_view>({"Softmax", "SafeSoftmax"}));
}

std::optional<at::DimVector> sizes_of_output(const Node& node, std::size_t which) {
  if (which >= node.num_inputs() || node.input_metadata(which).is_nested_tensor()) return std::nullopt;
  const auto sizes = c10::asIntArrayRefSlowOpt(node.input_metadata(which).shape_as_dim_vector());
  return sizes ? std::optional(at::DimVector(*sizes)) : std::nullopt;
}

}  // namespace fep
