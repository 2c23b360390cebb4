#include "model/frozen_forward.h"

#include <torch/csrc/jit/passes/freeze_module.h>
#include <torch/csrc/jit/passes/frozen_conv_folding.h>
#include <torch/csrc/jit/runtime/graph_iterator.h>

#include <utility>

#include "model/frozen_operators.h"
#include "model/memory_format.h"
#include "model/temporal_shifts.h"
#include "model/winograd_convolutions.h"

namespace fep {
namespace {

using Type = std::optional<at::ScalarType>;

torch::jit::Module converted(const torch::jit::Module& module, const Type& type) {
  if (!type) return module;
  auto copy = module.deepcopy();
  copy.to(*type);
  return copy;
}

/// A copy of the frozen graph: the frozen module's own lives as long as anything that was loaded with it, and
/// the weights of every form that was tried would with it.
std::shared_ptr<torch::jit::Graph> frozen_graph(const torch::jit::Module& module, const Type& type,
                                                torch::jit::Stack& self) {
  const auto frozen = torch::jit::freeze_module(module);
  auto graph = torch::jit::toGraphFunction(frozen.get_method("forward").function()).graph()->copy();
  if (graph->inputs()[0]->hasUses()) {
    self.emplace_back(converted(frozen, type)._ivalue());
  } else {
    graph->eraseInput(0);
  }
  return graph;
}

void convert_constants(std::shared_ptr<torch::jit::Graph>& graph, at::ScalarType type) {
  torch::jit::DepthFirstGraphNodeIterator nodes(graph);
  while (auto* node = nodes.next()) {
    if (node->kind() != at::prim::Constant || !node->hasAttribute(at::attr::value)) continue;
    if (node->kindOf(at::attr::value) != torch::jit::AttributeKind::t) continue;
    const auto& value = node->t(at::attr::value);
    if (value.is_floating_point()) node->t_(at::attr::value, value.to(type));
  }
}

/// Returns whether what is asked of the convolutions changes any.
bool transform(std::shared_ptr<torch::jit::Graph>& graph, const ModelForm& form, const Type& type) {
  if (form.fold_batch_norm) torch::jit::FoldFrozenConvBatchnorm(graph);
  if (type) convert_constants(graph, *type);
  const bool moved = set_memory_format(graph, form.memory_format);
  use_temporal_shift(graph);
  use_frozen_operators(graph, form != ModelForm{});  // as it was exported it rounds as in PyTorch
  const bool by_winograd = form.winograd && use_winograd_convolutions(graph);
  return moved || by_winograd;
}

}  // namespace

FrozenForward::FrozenForward(const torch::jit::Module& module, const ModelForm& form, const Type& type)
    : form_(form),
      graph_(frozen_graph(module, type, self_)),
      is_other_(transform(graph_, form, type)),
      executor_(graph_, "frozen_forward") {}

at::Tensor FrozenForward::run(const at::Tensor& input) {
  // The plain interpreter unless asked: the profiling executor spends its first runs on specialising graphs
  // whose convolutions it cannot improve, and does so anew on every thread.
  const torch::jit::GraphOptimizerEnabledGuard optimised(form_.optimise_graph);
  auto stack = self_;
  stack.emplace_back(input);
  executor_.run(stack);
  return torch::jit::pop(stack).toTensor();
}

}  // namespace fep
