#include "model/operator_numbers.h"

#include <torch/csrc/jit/passes/inliner.h>

#include "model/graph_nodes.h"

namespace fep {
namespace {

using torch::jit::Node;
using torch::jit::Value;

/// The value in another format, made where new nodes go.
Value* cast(torch::jit::Graph& graph, Value* value, c10::ScalarType type) {
  auto* format = graph.insertConstant(static_cast<std::int64_t>(type));
  auto* no = graph.insertConstant(false);
  auto* none = graph.insertConstant(c10::IValue());
  auto* node = graph.insertNode(graph.create(c10::aten::to, {value, format, no, no, none}));
  node->output()->setType(c10::TensorType::get());
  return node->output();
}

void cast_inputs(Node* node, std::size_t count, c10::ScalarType type) {
  auto& graph = *node->owningGraph();
  const torch::jit::WithInsertPoint before(node);
  for (std::size_t i = 0; i < count; ++i) node->replaceInput(i, cast(graph, node->input(i), type));
}

void cast_output(Node* node, c10::ScalarType type) {
  auto& graph = *node->owningGraph();
  const torch::jit::WithInsertPoint after(node->next());
  auto* rounded = cast(graph, node->output(), type);
  node->output()->replaceAllUsesAfterNodeWith(rounded->node(), rounded);
}

}  // namespace

void settle_operators(const std::shared_ptr<torch::jit::Graph>& graph, c10::ScalarType type) {
  if (type != at::kBFloat16) return;
  torch::jit::Inline(*graph);  // functions of torch.nn.functional contain them
  for (auto* node : all_nodes(graph)) {
    if (node->kind() == c10::aten::scaled_dot_product_attention) cast_inputs(node, 3, type);
    if (node->kind() == c10::aten::layer_norm) cast_inputs(node, 1, type);
    if (node->kind() == c10::aten::avg_pool3d) {
      cast_inputs(node, 1, at::kFloat);
      cast_output(node, type);
    }
  }
}

}  // namespace fep
