#include "model/forward_visitor.h"

#include "model/default_arguments.h"

namespace fep {

c10::IValue run_forward(torch::jit::GraphExecutor& executor, const torch::jit::Module& module,
                        const at::Tensor& input) {
  const torch::jit::GraphOptimizerEnabledGuard plain(false);
  torch::jit::Stack stack{module._ivalue(), input.clone()};  // a model may write to its input
  const auto defaults = default_arguments(module);
  stack.insert(stack.end(), defaults.begin(), defaults.end());
  executor.run(stack);
  return torch::jit::pop(stack);
}

}  // namespace fep
