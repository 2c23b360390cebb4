#include "model/frozen_operators.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/runtime/graph_iterator.h>

#include <optional>
#include <utility>
#include <vector>

namespace fep {
namespace {

using torch::jit::Node;
using torch::jit::Value;

/// An operator of fep and its inputs.
struct Replacement {
  const char* name;
  std::vector<Value*> inputs;
};

bool is_constant(const Value* value) {
  return value->node()->kind() == at::prim::Constant;
}

bool is_false(const Value* value) {
  const auto constant = torch::jit::constant_as<bool>(value);
  return constant && !*constant;
}

bool is_none(const Value* value) {
  return value->type()->kind() == c10::TypeKind::NoneType;
}

std::vector<Value*> inputs_of(Node& node, std::initializer_list<std::size_t> which) {
  std::vector<Value*> inputs;
  for (const auto i : which) inputs.push_back(node.inputs()[i]);
  return inputs;
}

Replacement frozen_convolution(std::vector<Value*> inputs, Value* any_order) {
  inputs.push_back(any_order);
  return {"fep::frozen_convolution", std::move(inputs)};
}

/// conv2d(input, weight, bias, stride, padding, dilation, groups); left unchanged where padding is a string.
std::optional<Replacement> of_convolution(Node& node, Value* any_order) {
  const bool has_numbers = node.inputs()[4]->type()->kind() == c10::TypeKind::ListType;
  if (!has_numbers || !is_constant(node.inputs()[1]) || !is_constant(node.inputs()[2])) return {};
  return frozen_convolution(inputs_of(node, {0, 1, 2, 3, 4, 5, 6}), any_order);
}

/// _convolution(input, weight, bias, stride, padding, dilation, transposed, output_padding, groups, …), which
/// tracing leaves behind.
std::optional<Replacement> of_traced_convolution(Node& node, Value* any_order) {
  const bool plain = is_false(node.inputs()[6]);
  if (!plain || !is_constant(node.inputs()[1]) || !is_constant(node.inputs()[2])) return {};
  return frozen_convolution(inputs_of(node, {0, 1, 2, 3, 4, 5, 8}), any_order);
}

/// batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled).
std::optional<Replacement> of_batch_norm(Node& node) {
  for (const auto i : {1, 2, 3, 4}) {
    if (!is_constant(node.inputs()[i])) return {};
  }
  if (is_none(node.inputs()[3]) || is_none(node.inputs()[4]) || !is_false(node.inputs()[5])) return {};
  return Replacement{"fep::frozen_batch_norm", inputs_of(node, {0, 1, 2, 3, 4, 7})};
}

/// In place only where that cannot be observed: the tensor was made by the operator before, and only this one
/// reads it.
std::optional<Replacement> of_relu(Node& node) {
  if (node.kind() == at::aten::relu_) {
    const auto made_by = node.input()->node()->kind();
    const bool is_new = made_by == at::aten::conv2d || made_by == at::aten::conv3d ||
                        made_by == at::aten::_convolution || made_by == at::aten::batch_norm ||
                        made_by == at::aten::add;
    if (!is_new || node.input()->uses().size() > 1) return {};
  }
  return Replacement{"fep::rectify", {node.input()}};
}

std::optional<Replacement> replacement_of(Node& node, Value* any_order) {
  switch (node.kind()) {
    case at::aten::conv1d:
    case at::aten::conv2d:
    case at::aten::conv3d:
      return of_convolution(node, any_order);
    case at::aten::_convolution:
      return of_traced_convolution(node, any_order);
    case at::aten::batch_norm:
      return of_batch_norm(node);
    case at::aten::relu:
    case at::aten::relu_:
      return of_relu(node);
    default:
      return {};
  }
}

void replace(Node* node, const Replacement& by) {
  auto* graph = node->owningGraph();
  auto* other = graph->create(c10::Symbol::fromQualString(by.name), by.inputs);
  other->insertBefore(node);
  other->output()->setType(node->output()->type());
  node->output()->replaceAllUsesWith(other->output());
  node->destroy();
}

}  // namespace

void use_frozen_operators(std::shared_ptr<torch::jit::Graph>& graph, bool any_order) {
  std::vector<Node*> all;
  torch::jit::DepthFirstGraphNodeIterator nodes(graph);
  while (auto* node = nodes.next()) all.push_back(node);
  const torch::jit::WithInsertPoint at_the_beginning(*graph->nodes().begin());
  auto* asked = graph->insertConstant(any_order);
  // From the last to the first: each is judged by the nodes before it, which must be unchanged.
  for (auto node = all.rbegin(); node != all.rend(); ++node) {
    if (const auto by = replacement_of(**node, asked)) replace(*node, *by);
  }
}

}  // namespace fep
