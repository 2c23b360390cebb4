#include "model/frozen_forward.h"

#include <torch/csrc/jit/ir/alias_analysis.h>
#include <torch/csrc/jit/passes/freeze_module.h>
#include <torch/csrc/jit/passes/frozen_conv_folding.h>

#include <utility>

#include "model/default_arguments.h"
#include "model/frozen_operators.h"
#include "model/graph_nodes.h"
#include "model/memory_format.h"
#include "model/number_type.h"
#include "model/operator_numbers.h"
#include "model/output_activation.h"
#include "model/temporal_shifts.h"
#include "model/winograd_convolutions.h"

namespace fep {
namespace {

using Type = std::optional<at::ScalarType>;

torch::jit::Module converted(const torch::jit::Module& module, const Type& type) {
  if (!type) return module;
  auto copy = module.deepcopy();
  convert_numbers(copy, *type);
  return copy;
}

void clear(torch::jit::Graph& graph) {
  while (!graph.outputs().empty()) graph.eraseOutput(graph.outputs().size() - 1);
  for (auto node = graph.nodes().rbegin(); node != graph.nodes().rend(); ++node) node.destroyCurrent();
}

/// The nodes of a frozen graph point to the functions that they were inlined from, which freezing deletes,
/// and libtorch asks them for their names when it reports an error. All are made to point to `forward`
/// instead.
void forget_inlining(std::shared_ptr<torch::jit::Graph>& graph, torch::jit::Function& forward) {
  const auto inside = c10::make_intrusive<torch::jit::InlinedCallStack>(&forward, torch::jit::SourceRange());
  for (auto* node : all_nodes(graph)) {
    if (node->callstack()) node->setCallStack(inside);
  }
}

/// The frozen graph, and what its nodes point to. It is a copy, and the frozen module's own graph is emptied:
/// that one lives as long as its functions, and would keep the weights of every form that was tried.
std::shared_ptr<torch::jit::Graph> frozen_graph(const torch::jit::Module& module, const Type& type,
                                                std::shared_ptr<torch::jit::CompilationUnit>& functions,
                                                torch::jit::Stack& self) {
  const auto frozen = torch::jit::freeze_module(module);
  functions = frozen._ivalue()->compilation_unit();
  auto& forward = frozen.get_method("forward").function();
  const auto own = torch::jit::toGraphFunction(forward).graph();
  auto graph = own->copy();
  clear(*own);
  forget_inlining(graph, forward);
  if (graph->inputs()[0]->hasUses()) {
    self.emplace_back(converted(frozen, type)._ivalue());
  } else {
    graph->eraseInput(0);
  }
  return graph;
}

/// after: number of arguments after the clip.
bool writes_to_input(std::shared_ptr<torch::jit::Graph> graph, std::size_t after) {
  const auto inputs = graph->inputs();
  return torch::jit::AliasDb(graph).hasWriters(inputs[inputs.size() - 1 - after]);
}

/// Whether it writes to an attribute of the module, such as a buffer that counts its runs.
bool writes_to_module(std::shared_ptr<torch::jit::Graph> graph) {
  const torch::jit::AliasDb aliases(graph);
  for (const auto* node : all_nodes(graph)) {
    if (node->kind() == at::prim::SetAttr) return true;
    if (node->kind() == at::prim::GetAttr && aliases.hasWriters(node->output())) return true;
  }
  return false;
}

/// Returns whether the form changes any convolution.
bool transform(std::shared_ptr<torch::jit::Graph>& graph, const ModelForm& form, const Type& type) {
  if (form.fold_batch_norm) torch::jit::FoldFrozenConvBatchnorm(graph);
  if (type) {
    convert_numbers(graph, *type);
    settle_operators(graph, *type);
  }
  const bool moved = set_memory_format(graph, form.memory_format);
  use_temporal_shift(graph);
  use_frozen_operators(graph, form != ModelForm{});  // as it was exported it rounds as in PyTorch
  const bool by_winograd = form.winograd && use_winograd_convolutions(graph);
  return moved || by_winograd;
}

}  // namespace

FrozenForward::FrozenForward(const torch::jit::Module& module, const ModelForm& form, const Type& type)
    : form_(form),
      defaults_(default_arguments(module)),
      graph_(frozen_graph(module, type, functions_, as_loaded_)),
      ends_in_sigmoid_(fep::ends_in_sigmoid(*graph_)),
      is_other_(transform(graph_, form, type)),
      writes_to_input_(writes_to_input(graph_, defaults_.size())),
      has_state_(writes_to_module(graph_)),
      executor_(graph_, "frozen_forward") {
  // The frozen module shares what it writes to with the original.
  if (has_state_ && !as_loaded_.empty()) as_loaded_ = {as_loaded_[0].deepcopy()};
  forget();
}

void FrozenForward::forget() {
  self_.clear();
  for (const auto& module : as_loaded_) self_.push_back(has_state_ ? module.deepcopy() : module);
}

c10::IValue FrozenForward::run(const at::Tensor& input) {
  if (has_state_) forget();  // every clip is run as the first
  // The plain interpreter unless asked otherwise: the profiling executor spends its first runs on
  // specialising graphs whose convolutions it cannot improve, and does so anew on every thread.
  const torch::jit::GraphOptimizerEnabledGuard optimised(form_.optimise_graph);
  auto stack = self_;
  stack.emplace_back(writes_to_input_ ? input.clone() : input);
  stack.insert(stack.end(), defaults_.begin(), defaults_.end());
  executor_.run(stack);
  return torch::jit::pop(stack);
}

}  // namespace fep
