#include "model/archive_code.h"

#include <ATen/ATen.h>
#include <ATen/core/function_schema.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/custom_operator.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "model/graph_nodes.h"

namespace fep {
namespace {

using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

void detach(torch::jit::Stack& stack) {
  torch::jit::push(stack, torch::jit::pop(stack).toTensor().detach());
}

/// Returns its input.
void same(torch::jit::Stack&) {}

const torch::jit::RegisterOperators kOperators(
    {torch::jit::Operator("fep::detach(Tensor(a) self) -> Tensor(a)", detach,
                          c10::AliasAnalysisKind::FROM_SCHEMA),
     torch::jit::Operator("fep::same(t self) -> t", same, c10::AliasAnalysisKind::CONSERVATIVE)});

/// The graphs as they were defined: none has run yet, so none has been optimised.
std::vector<std::shared_ptr<Graph>> graphs_of(const torch::jit::Module& module) {
  std::vector<std::shared_ptr<Graph>> graphs;
  for (auto* function : module._ivalue()->compilation_unit()->get_functions()) {
    function->ensure_defined();
    if (const auto* code = torch::jit::tryToGraphFunction(*function)) graphs.push_back(code->graph());
  }
  return graphs;
}

void for_each_node(const torch::jit::Module& module, const std::function<void(Node*)>& visit) {
  for (const auto& graph : graphs_of(module)) {
    for (auto* node : all_nodes(graph)) visit(node);
  }
}

Node* make(const char* name, Value* value) {
  auto* node = value->owningGraph()->create(c10::Symbol::fromQualString(name), {value});
  node->output()->setType(value->type());
  return node;
}

/// Whether a `with torch.no_grad()` begins here.
bool enters_no_grad(const Node& node) {
  if (node.kind() != at::prim::Enter) return false;
  const auto type = node.input()->type()->cast<c10::ClassType>();
  return type && type->name() && type->name()->name() == "no_grad";
}

/// The nodes from an Enter to the Exit of the same object.
std::vector<Node*> region_behind(Node* enter) {
  std::vector<Node*> region;
  for (auto* node = enter->next(); node != enter->owningBlock()->return_node(); node = node->next()) {
    if (node->kind() == at::prim::Exit && node->input(0) == enter->input()) break;
    region.push_back(node);
  }
  return region;
}

bool is_inside(const Node* node, const std::unordered_set<const Node*>& region) {
  for (; node; node = node->owningBlock() ? node->owningBlock()->owningNode() : nullptr) {
    if (region.contains(node)) return true;
  }
  return false;
}

void collect_inputs(const Node* node, std::vector<Value*>& inputs) {
  for (auto* input : node->inputs()) inputs.push_back(const_cast<Value*>(input));
  for (const auto* block : node->blocks()) {
    for (const auto* inner : block->nodes()) collect_inputs(inner, inputs);
    for (auto* output : block->outputs()) inputs.push_back(const_cast<Value*>(output));
  }
}

/// Whether a value of this type is, or may hold, a tensor.
bool may_hold_tensor(const c10::Type& type) {
  if (type.isSubtypeOf(*c10::TensorType::get())) return type.kind() != c10::TypeKind::NoneType;
  const bool is_container =
      type.kind() == c10::TypeKind::ListType || type.kind() == c10::TypeKind::DictType ||
      type.kind() == c10::TypeKind::TupleType || type.kind() == c10::TypeKind::OptionalType;
  if (!is_container) return false;
  const auto parts = type.containedTypes();
  return std::any_of(parts.begin(), parts.end(), [](const auto& part) { return may_hold_tensor(*part); });
}

/// Inserts fep::same before each input that a region without gradients takes from outside. Where the same is
/// computed outside too, libtorch would merge the two into one, with or without gradients by chance.
void keep_apart(const std::vector<Node*>& nodes) {
  const std::unordered_set<const Node*> region(nodes.begin(), nodes.end());
  std::vector<Value*> inputs;
  for (const auto* node : nodes) collect_inputs(node, inputs);
  std::unordered_set<Value*> done;
  for (auto* input : inputs) {
    const bool is_outside = may_hold_tensor(*input->type()) && !is_inside(input->node(), region);
    if (!is_outside || !done.insert(input).second) continue;
    auto* own = make("fep::same", input);
    own->insertBefore(nodes.front());
    const auto uses = input->uses();  // a copy: replacing changes them
    for (const auto& use : uses) {
      if (is_inside(use.user, region)) use.user->replaceInput(use.offset, own->output());
    }
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
    if (enters_no_grad(*node)) keep_apart(region_behind(node));
    if (node->kind() != at::aten::detach) return;
    auto* other = make("fep::detach", node->input());
    other->insertBefore(node)->copyMetadata(node);
    other->output()->copyMetadata(node->output());
    node->output()->replaceAllUsesWith(other->output());
    node->destroy();
  });
}

void replace_number_type(const torch::jit::Module& module, at::ScalarType from, at::ScalarType to) {
  for_each_node(module, [&](Node* node) {
    const auto* schema = node->maybeSchema();
    if (!schema) return;
    for (std::size_t i = 0; i < schema->arguments().size() && i < node->inputs().size(); ++i) {
      if (schema->arguments()[i].name() != "dtype") continue;
      const auto type = torch::jit::toIValue(node->input(i));
      if (!type || !type->isInt() || type->toInt() != static_cast<std::int64_t>(from)) continue;
      const torch::jit::WithInsertPoint before(node);
      node->replaceInput(i, node->owningGraph()->insertConstant(static_cast<std::int64_t>(to)));
    }
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
