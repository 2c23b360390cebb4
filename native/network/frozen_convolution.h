#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace fep {

/// A convolution whose weights nobody learns. Its backward needs them and the input's shape, where PyTorch's
/// keeps the input as well: with the ReLU of rectify.h, a network's activations need not be kept at all.
/// Values and gradients are those of PyTorch's, to the last bit.
///
/// input: N×C×(T×)(H×)W; weight and bias as at::convolution() takes them, without gradients;
/// any_order: whether it may add up in another order where that is faster (flat_convolution.h,
/// phase_gradient.h), and round otherwise.
at::Tensor frozen_convolution(const at::Tensor& input, const at::Tensor& weight,
                              const std::optional<at::Tensor>& bias, at::IntArrayRef stride,
                              at::IntArrayRef padding, at::IntArrayRef dilation, std::int64_t groups,
                              bool any_order = false);

}  // namespace fep
