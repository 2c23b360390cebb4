#include "model/number_type.h"

#include <ATen/ATen.h>

#include <vector>

#include "model/graph_nodes.h"

namespace fep {
namespace {

std::vector<at::Tensor> weights_of(const torch::jit::Module& module) {
  std::vector<at::Tensor> weights;
  for (const auto& parameter : module.parameters()) weights.push_back(parameter);
  for (const auto& buffer : module.buffers()) weights.push_back(buffer);
  return weights;
}

}  // namespace

at::ScalarType number_type_of(const torch::jit::Module& module) {
  for (const auto& weight : weights_of(module)) {
    const bool is_other = weight.is_floating_point() && weight.scalar_type() != at::kFloat;
    if (is_other) return weight.scalar_type();
  }
  return at::kFloat;
}

void convert_numbers(torch::jit::Module& module, at::ScalarType type) {
  for (auto weight : weights_of(module)) {
    if (weight.is_floating_point()) weight.set_data(weight.to(type));
  }
}

void convert_numbers(std::shared_ptr<torch::jit::Graph>& graph, at::ScalarType type) {
  for (auto* node : all_nodes(graph)) {
    if (node->kind() != at::prim::Constant || !node->hasAttribute(at::attr::value)) continue;
    if (node->kindOf(at::attr::value) != torch::jit::AttributeKind::t) continue;
    const auto& value = node->t(at::attr::value);
    if (value.is_floating_point()) node->t_(at::attr::value, value.to(type));
  }
}

}  // namespace fep
