#pragma once

#include <ATen/record_function.h>

#include <cstdint>

namespace fep {

/// Counts the multiply-accumulates of the convolutions and matrix products that run on this thread while it
/// lives. Recurrent layers and attention are counted where libtorch has one fused operator for them too;
/// additions, norms and activations are not, as is usual. Two floating-point operations are one of these.
///
/// What is counted is what runs, by the shapes that it runs on: no layer has to be known by its name.
class OperationCounter {
 public:
  OperationCounter();
  ~OperationCounter();
  OperationCounter(const OperationCounter&) = delete;
  OperationCounter& operator=(const OperationCounter&) = delete;

  std::int64_t multiply_accumulates() const { return count_; }

  /// Called by what observes the operators.
  void add(std::int64_t multiply_accumulates) { count_ += multiply_accumulates; }

 private:
  OperationCounter* previous_;
  at::CallbackHandle handle_;
  std::int64_t count_ = 0;
};

}  // namespace fep
