#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <utility>

namespace fep {

/// Runs a copy of a module's forward on an input, operator by operator as it was written; does not change the
/// input.
c10::IValue run_forward(torch::jit::GraphExecutor& executor, const torch::jit::Module& module,
                        const at::Tensor& input);

/// Makes a visitor known to the operators of a graph that runs on this thread, for as long as it lives.
template <typename Visitor>
class ForwardVisitor {
 public:
  explicit ForwardVisitor(const Visitor& visitor) : previous_(std::exchange(current_, &visitor)) {}
  ~ForwardVisitor() { current_ = previous_; }
  ForwardVisitor(const ForwardVisitor&) = delete;
  ForwardVisitor& operator=(const ForwardVisitor&) = delete;

  /// Of the innermost run; none outside of one.
  static const Visitor* current() { return current_; }

 private:
  inline static thread_local const Visitor* current_ = nullptr;
  const Visitor* previous_;
};

}  // namespace fep
