#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/record_function.h>

#include <cstdint>

namespace fep {

/// Multiply-accumulates of attention over queries …×L×E, keys …×S×E and values …×S×V: the scores, and the
/// values weighted by them.
std::int64_t attention_work(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value);

/// Multiply-accumulates of a convolution for each element that it returns.
std::int64_t convolution_work_each(const at::Tensor& weight);

/// Counts the multiply-accumulates of the convolutions and matrix products that run on this thread during its
/// lifetime. Recurrent layers and attention are counted where libtorch has a fused operator for them;
/// additions, norms and activations are not, as is usual. One multiply-accumulate is two floating-point
/// operations.
///
/// Operators are counted as they run, by the shapes of their inputs: no layer has to be known by name.
class OperationCounter {
 public:
  OperationCounter();
  ~OperationCounter();
  OperationCounter(const OperationCounter&) = delete;
  OperationCounter& operator=(const OperationCounter&) = delete;

  std::int64_t multiply_accumulates() const { return count_; }

  /// Adds to the count of this thread, where there is one: for what stands in for an operator.
  static void count(std::int64_t multiply_accumulates);

  /// Called by the observer of operators.
  void add(std::int64_t multiply_accumulates) { count_ += multiply_accumulates; }

 private:
  OperationCounter* previous_;
  at::CallbackHandle handle_;
  std::int64_t count_ = 0;
};

}  // namespace fep
