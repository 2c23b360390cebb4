#include "model/archive_code.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/custom_operator.h>
#include <torch/csrc/jit/runtime/graph_iterator.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fep {
namespace {

using torch::jit::Graph;
using torch::jit::Node;

void detach(torch::jit::Stack& stack) {
  torch::jit::push(stack, torch::jit::pop(stack).toTensor().detach());
}

const torch::jit::RegisterOperators kOperator({torch::jit::Operator(
    "fep::detach(Tensor(a) self) -> Tensor(a)", detach, c10::AliasAnalysisKind::FROM_SCHEMA)});

/// The graphs as they were defined: none has run yet, so that nothing else was made of them.
std::vector<std::shared_ptr<Graph>> graphs_of(const torch::jit::Module& module) {
  std::vector<std::shared_ptr<Graph>> graphs;
  for (auto* function : module._ivalue()->compilation_unit()->get_functions()) {
    function->ensure_defined();
    if (const auto* code = torch::jit::tryToGraphFunction(*function)) graphs.push_back(code->graph());
  }
  return graphs;
}

void for_each_node(const torch::jit::Module& module, const std::function<void(Node*)>& visit) {
  for (auto& graph : graphs_of(module)) {
    std::vector<Node*> all;  // first: a visit may replace its node
    torch::jit::DepthFirstGraphNodeIterator nodes(graph);
    while (auto* node = nodes.next()) all.push_back(node);
    for (auto* node : all) visit(node);
  }
}

/// A constant that names a GPU, as a device or as its name.
bool is_gpu(const Node& node) {
  if (node.kind() != at::prim::Constant || node.outputs().size() != 1) return false;
  const auto value = torch::jit::toIValue(node.output());
  if (!value) return false;
  if (value->isDevice()) return value->toDevice().is_cuda();
  const bool names_device = value->isString() && value->toStringRef().rfind("cuda", 0) == 0;
  if (!names_device) return false;
  const auto& uses = node.output()->uses();
  return !uses.empty() && uses[0].user->kind() == c10::Symbol::fromQualString("aten::device");
}

}  // namespace

void keep_detachments(const torch::jit::Module& module) {
  for_each_node(module, [](Node* node) {
    if (node->kind() != at::aten::detach) return;
    auto* other = node->owningGraph()->create(c10::Symbol::fromQualString("fep::detach"), {node->input()});
    other->insertBefore(node)->copyMetadata(node);
    other->output()->copyMetadata(node->output());
    node->output()->replaceAllUsesWith(other->output());
    node->destroy();
  });
}

bool move_named_devices(const torch::jit::Module& module, at::Device device) {
  bool any = false;
  for_each_node(module, [&](Node* node) {
    if (!is_gpu(*node)) return;
    any = true;
    const auto value = torch::jit::toIValue(node->output());
    const torch::jit::WithInsertPoint before(node);
    auto* other = value->isDevice() ? node->owningGraph()->insertConstant(device)
                                    : node->owningGraph()->insertConstant(device.str());
    node->output()->replaceAllUsesWith(other);
    node->destroy();
  });
  return any;
}

}  // namespace fep
