#include "model/attention_forward.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/runtime/custom_operator.h>

#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "model/forward_visitor.h"
#include "model/graph_nodes.h"
#include "model/number_type.h"
#include "model/operator_numbers.h"

namespace fep {
namespace {

using torch::jit::Graph;
using torch::jit::Node;

using CurrentVisitor = ForwardVisitor<AttentionForward::Visitor>;

at::Tensor visited(const at::Tensor& weights) {
  const auto* visitor = CurrentVisitor::current();
  return visitor ? (*visitor)(weights) : weights;
}

void softmax_output(torch::jit::Stack& stack) {
  const auto dimension = torch::jit::pop(stack).toInt();
  const auto weights = torch::jit::pop(stack).toTensor();
  const bool is_attention = weights.dim() >= 3 && (dimension == -1 || dimension == weights.dim() - 1);
  torch::jit::push(stack, is_attention ? visited(weights) : weights);
}

/// What is added to Q·Kᵀ: the mask, −∞ where a mask of booleans or the order of tokens hides a key.
at::Tensor masked(at::Tensor products, const c10::IValue& mask, bool is_causal) {
  constexpr auto kHidden = -std::numeric_limits<double>::infinity();
  if (is_causal) {
    const auto seen = at::ones_like(products[0][0], at::kBool).tril();
    products = products.masked_fill(seen.logical_not(), kHidden);
  }
  if (mask.isNone()) return products;
  const auto tensor = mask.toTensor();
  return tensor.scalar_type() == at::kBool ? products.masked_fill(tensor.logical_not(), kHidden)
                                           : products + tensor;
}

void attention(torch::jit::Stack& stack) {
  const auto scale = torch::jit::pop(stack);
  const auto is_causal = torch::jit::pop(stack).toBool();
  const auto mask = torch::jit::pop(stack);
  const auto values = torch::jit::pop(stack).toTensor();
  const auto keys = torch::jit::pop(stack).toTensor();
  const auto queries = torch::jit::pop(stack).toTensor();
  const auto by = scale.isNone() ? 1 / std::sqrt(static_cast<double>(queries.size(-1))) : scale.toDouble();
  const auto products = masked(at::matmul(queries, keys.transpose(-2, -1)) * by, mask, is_causal);
  torch::jit::push(stack, at::matmul(visited(at::softmax(products, -1)).to(values.scalar_type()), values));
}

const torch::jit::RegisterOperators kOperators(
    {torch::jit::Operator("fep::softmax_output(Tensor weights, int dim) -> Tensor", softmax_output,
                          c10::AliasAnalysisKind::CONSERVATIVE),
     torch::jit::Operator(
         "fep::attention(Tensor query, Tensor key, Tensor value, Tensor? mask, bool is_causal, "
         "float? scale) -> Tensor",
         attention, c10::AliasAnalysisKind::CONSERVATIVE)});

void observe_softmax(Node* softmax) {
  auto* graph = softmax->owningGraph();
  const torch::jit::WithInsertPoint after(softmax->next());
  auto* output = softmax->output();
  auto* visit = graph->insertNode(graph->create(c10::Symbol::fromQualString("fep::softmax_output"),
                                                {output, softmax->namedInput("dim")}));
  visit->output()->setType(c10::TensorType::get());
  output->replaceAllUsesAfterNodeWith(visit, visit->output());
}

/// Groups of queries that share keys stay as they are, and unseen.
void observe_attention(Node* attention) {
  const auto groups = torch::jit::toIValue(attention->namedInput("enable_gqa"));
  if (!groups || !groups->isBool() || groups->toBool()) return;
  auto* graph = attention->owningGraph();
  const torch::jit::WithInsertPoint before(attention);
  const auto input = [&](const char* name) { return attention->namedInput(name); };
  auto* own = graph->insertNode(graph->create(c10::Symbol::fromQualString("fep::attention"),
                                              {input("query"), input("key"), input("value"),
                                               input("attn_mask"), input("is_causal"), input("scale")}));
  own->output()->setType(c10::TensorType::get());
  attention->output()->replaceAllUsesWith(own->output());
}

std::shared_ptr<Graph> observable_graph(const torch::jit::Module& module) {
  const auto graph = torch::jit::toGraphFunction(module.get_method("forward").function()).graph()->copy();
  torch::jit::Inline(*graph);
  for (auto* node : all_nodes(graph)) {
    if (node->kind() == c10::aten::softmax) observe_softmax(node);
    if (node->kind() == c10::aten::scaled_dot_product_attention) observe_attention(node);
  }
  settle_operators(graph, number_type_of(module));
  return graph;
}

}  // namespace

AttentionForward::AttentionForward(torch::jit::Module module)
    : module_(std::move(module)), executor_(observable_graph(module_), "attention_forward") {}

c10::IValue AttentionForward::run(const at::Tensor& input, const Visitor& visitor) {
  const CurrentVisitor guard(visitor);
  return run_forward(executor_, module_, input);
}

}  // namespace fep
