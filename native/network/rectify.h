#pragma once

#include <ATen/core/Tensor.h>

#include <tuple>

namespace fep {

/// ReLU that keeps one bit of each element for its backward, whether it passed, where PyTorch's keeps the
/// output. The same values and gradients, those of NaN too, which passes.
///
/// input: of any shape. Returns max(input, 0).
at::Tensor rectify(const at::Tensor& input);

/// The same, and which elements passed: bit i % 8 of byte i / 8 for the i-th of the output in memory.
std::tuple<at::Tensor, at::Tensor> rectify_with_passed(const at::Tensor& input);

/// The gradient of those that passed, 0 for the others. strides: of the output.
at::Tensor rectify_backward(const at::Tensor& gradient, const at::Tensor& passed, at::IntArrayRef strides);

}  // namespace fep
