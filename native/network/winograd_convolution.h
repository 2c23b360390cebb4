#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

namespace fep {

/// Whether a weight has three taps along both axes of frames, along time, or along all three: K×C×3×3,
/// K×C×3×1 (both 2-D), K×C×1×3×3, K×C×3×1×1 or K×C×3×3×3.
bool has_winograd_taps(const at::Tensor& weight);

/// A kernel as winograd_convolution() multiplies it, computed in float64. weight: float32, with taps as
/// above. Returns frames × products of rows × of columns × C × K: 1×6×6, 1×6×1 or 3×6×6; for frames four
/// times and along time twice as many numbers as there are taps.
at::Tensor winograd_kernels(const at::Tensor& weight);

/// The same of a kernel's gradient: of its taps in reverse order, with its channels exchanged.
at::Tensor winograd_gradient_kernels(const at::Tensor& weight);

/// A convolution of stride 1 by Winograd's minimal filtering (winograd_axis.h), F(4×4, 3×3) within frames and
/// F(4, 3) along time: with 4 and 2 times fewer multiplications than there are taps. A kernel that moves
/// along all three axes takes its three frames one after the other. Errors are about five times as large
/// (with 512 channels, up to 5e-6 of the largest value). On a CPU, in float32. The kernels are not learned;
/// the gradient reaches the input.
///
/// input: N×C×H×W or N×C×T×H×W, best with channels last, as the output is.
/// kernels, gradient_kernels: of the functions above; bias: K; padding: rows and columns of a frame, or time
/// and 0, or of all three axes; 0 to 2 each.
at::Tensor winograd_convolution(const at::Tensor& input, const at::Tensor& kernels,
                                const at::Tensor& gradient_kernels, const std::optional<at::Tensor>& bias,
                                at::IntArrayRef padding);

/// The same on a batch of planes, (N·frames)×C×H×W, without a gradient. frames: planes in a row that make up
/// a clip, of a kernel that moves across frames too; else 1. padding: of frames, rows and columns.
at::Tensor winograd_planes(const at::Tensor& planes, const at::Tensor& kernels,
                           const std::optional<at::Tensor>& bias, at::IntArrayRef padding,
                           std::int64_t frames);

}  // namespace fep
