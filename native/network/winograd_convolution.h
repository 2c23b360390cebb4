#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace fep {

/// A kernel of three taps along both axes of frames, or along time, as winograd_convolution() multiplies it:
/// computed in float64. weight: K×C×3×3, K×C×1×3×3 or K×C×3×1×1, float32.
/// Returns products of rows × of columns × C × K: 4×4 or 4×1.
at::Tensor winograd_kernels(const at::Tensor& weight);

/// A convolution of stride 1 by Winograd's minimal filtering (winograd_axis.h), F(2×2, 3×3) within frames and
/// F(2, 3) along time: with 2.25 and 1.5 times fewer multiplications than there are taps, and errors up to
/// about three times as large (with 512 channels, 4e-6 of the largest value). On a CPU, in float32. The
/// kernels are not learned; the gradient reaches the input, by the same kernels in reverse order.
///
/// input: N×C×H×W or N×C×T×H×W, best with channels last, as the output is.
/// kernels: of winograd_kernels(); bias: K; padding: rows and columns of a frame, or time and 0; 0 to 2.
at::Tensor winograd_convolution(const at::Tensor& input, const at::Tensor& kernels,
                                const std::optional<at::Tensor>& bias, at::IntArrayRef padding);

/// The same on a batch of planes, N×C×H×W: of both passes. reversed: kernels with their taps in reverse order
/// and their channels exchanged, as the gradient takes them.
at::Tensor winograd_planes(const at::Tensor& planes, const at::Tensor& kernels,
                           const std::optional<at::Tensor>& bias, at::IntArrayRef padding, bool reversed);

}  // namespace fep
