#include "model/observable_forward.h"

#include "model/forward_visitor.h"
#include "model/number_type.h"
#include "model/operator_numbers.h"
#include "model/skipped_products.h"

#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/custom_operator.h>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace fep {
namespace {

using torch::jit::Block;
using torch::jit::Graph;
using torch::jit::Node;
using torch::jit::Value;

using CurrentVisitor = ForwardVisitor<ObservableForward::Visitor>;

void layer_output(torch::jit::Stack& stack) {
  const auto name = torch::jit::pop(stack).toStringRef();
  const auto output = torch::jit::pop(stack).toTensor();
  const auto* visitor = CurrentVisitor::current();
  torch::jit::push(stack, visitor ? (*visitor)(name, output) : output);
}

const torch::jit::RegisterOperators kOperator(
    {torch::jit::Operator("fep::layer_output(Tensor output, str layer) -> Tensor", layer_output,
                          c10::AliasAnalysisKind::CONSERVATIVE)});

/// The path from the graph's own module to a submodule, `blocks.0`; empty for the module itself, none for a
/// value that is no submodule.
std::optional<std::string> path_of(const Value* module) {
  const auto* node = module->node();
  if (node->kind() == c10::prim::Param) {
    const bool is_self = node == node->owningGraph()->param_node() && module->offset() == 0;
    return is_self ? std::optional<std::string>("") : std::nullopt;
  }
  if (node->kind() != c10::prim::GetAttr) return std::nullopt;
  const auto parent = path_of(node->input());
  if (!parent) return std::nullopt;
  const auto& name = node->s(c10::attr::name);
  return parent->empty() ? name : *parent + "." + name;
}

/// Inlines the calls of submodules in a graph, and puts fep::layer_output behind each.
class Surgeon {
 public:
  Surgeon(std::map<std::string, std::string>& types, std::set<std::string>& tuples)
      : types_(types), tuples_(tuples) {}

  void operate(Block* block) {
    for (auto* node = block->param_node()->next(); node != block->return_node();) {
      for (auto* inner : node->blocks()) operate(inner);
      const auto path = node->kind() == c10::prim::CallMethod ? path_of(node->input(0)) : std::nullopt;
      auto* callee = path ? find_callee(node) : nullptr;
      if (!callee) {
        node = node->next();
        continue;
      }
      if (!path->empty()) observe(node, *path);
      const auto* before = node->prev();
      // Its graph as it was defined: in the optimised one the calls are inlined already.
      torch::jit::inlineCallTo(node, callee, callee->graph().get());
      node = before->next();  // the first of the nodes that were the call
    }
  }

 private:
  static torch::jit::GraphFunction* find_callee(const Node* call) {
    const auto type = call->input(0)->type()->cast<c10::ClassType>();
    auto* method = type ? type->findMethod(call->s(c10::attr::name)) : nullptr;
    return method ? torch::jit::tryToGraphFunction(*method) : nullptr;
  }

  void observe(Node* call, const std::string& path) {
    auto* output = call->output();
    auto* graph = call->owningGraph();
    const torch::jit::WithInsertPoint after(call->next());
    if (is_tensor(output->type())) {
      auto* visit = observed(output, path, call);
      output->replaceAllUsesAfterNodeWith(visit, visit->output());
      return;
    }
    const auto tuple = output->type()->cast<c10::TupleType>();
    if (!tuple || tuple->elements().empty() || !is_tensor(tuple->elements()[0])) return;
    tuples_.insert(path);
    auto* unpack = graph->insertNode(graph->createTupleUnpack(output));
    std::vector<Value*> entries(unpack->outputs().begin(), unpack->outputs().end());
    entries[0] = observed(entries[0], path, call)->output();
    auto* packed = graph->insertNode(graph->createTuple(entries, tuple->schema() ? tuple : nullptr));
    output->replaceAllUsesAfterNodeWith(packed, packed->output());
  }

  static bool is_tensor(const c10::TypePtr& type) { return type->isSubtypeOf(*c10::TensorType::get()); }

  /// Inserts the operator that hands a layer's output to the visitor.
  Node* observed(Value* output, const std::string& path, const Node* call) {
    const auto type = call->input(0)->type()->expect<c10::ClassType>();
    types_[path] = type->name()->name();
    auto* graph = output->owningGraph();
    auto* name = graph->insertConstant(path);
    auto* visit =
        graph->insertNode(graph->create(c10::Symbol::fromQualString("fep::layer_output"), {output, name}));
    visit->output()->setType(c10::TensorType::get());
    return visit;
  }

  std::map<std::string, std::string>& types_;
  std::set<std::string>& tuples_;
};

std::shared_ptr<Graph> observable_graph(const torch::jit::Module& module,
                                        std::map<std::string, std::string>& types,
                                        std::set<std::string>& tuples, Products products) {
  const auto graph = torch::jit::toGraphFunction(module.get_method("forward").function()).graph()->copy();
  Surgeon(types, tuples).operate(graph->block());
  settle_operators(graph, number_type_of(module));
  if (products == Products::skipped) skip_products(graph);
  return graph;
}

}  // namespace

ObservableForward::ObservableForward(torch::jit::Module module, Products products)
    : module_(std::move(module)),
      executor_(observable_graph(module_, types_, tuples_, products), "observable_forward") {}

c10::IValue ObservableForward::run(const at::Tensor& input, const Visitor& visitor) {
  const CurrentVisitor guard(visitor);
  return run_forward(executor_, module_, input);
}

}  // namespace fep
