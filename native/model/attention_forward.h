#pragma once

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <functional>

namespace fep {

/// A module's forward whose attention can be observed while it runs.
///
/// The forward's graph is copied and inlined. Every softmax over the last of three axes or more is followed
/// by an operator that hands the weights to a visitor. scaled_dot_product_attention, which keeps its weights
/// to itself, becomes an operator that computes them, A = softmax(Q·Kᵀ·scale + mask), hands them over and
/// returns A·V: the same but for rounding.
class AttentionForward {
 public:
  /// Gets weights …×queries×keys; what it returns replaces them.
  using Visitor = std::function<at::Tensor(const at::Tensor& weights)>;

  /// module: as loaded, in evaluation mode.
  explicit AttentionForward(torch::jit::Module module);

  /// The forward of `input`; the visitor is called on this thread, in the order of execution.
  c10::IValue run(const at::Tensor& input, const Visitor& visitor);

 private:
  torch::jit::Module module_;
  torch::jit::GraphExecutor executor_;
};

}  // namespace fep
