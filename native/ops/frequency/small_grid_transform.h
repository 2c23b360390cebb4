#pragma once

#include <ATen/core/Tensor.h>

namespace fep {

/// Applies a square matrix along each of the last three axes of a grid so small that a matrix product would
/// mostly wait for its threads: on the CPU, on the calling thread. float or double.
///
/// input: …×T×H×W; along_t: T×T, along_h: H×H, along_w: W×W. Returns a tensor shaped like the input.
at::Tensor transform_small_grid(const at::Tensor& input, const at::Tensor& along_t, const at::Tensor& along_h,
                                const at::Tensor& along_w);

/// Whether transform_small_grid is the faster way.
bool is_small_grid(const at::Tensor& input);

}  // namespace fep
