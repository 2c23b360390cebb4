#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace fep {

/// A convolution whose weights are not learned. Its backward needs them and the input's shape, where
/// PyTorch's keeps the input as well: with the ReLU of rectify.h, a network's activations need not be kept at
/// all. Values and gradients are PyTorch's to the last bit, unless any_order.
///
/// input: N×C×(T×)(H×)W; weight and bias as at::convolution() takes them, without gradients;
/// any_order: whether it may sum in another order, and so round differently, where that is faster
/// (flat_convolution.h, phase_gradient.h).
at::Tensor frozen_convolution(const at::Tensor& input, const at::Tensor& weight,
                              const std::optional<at::Tensor>& bias, at::IntArrayRef stride,
                              at::IntArrayRef padding, at::IntArrayRef dilation, std::int64_t groups,
                              bool any_order = false);

}  // namespace fep
