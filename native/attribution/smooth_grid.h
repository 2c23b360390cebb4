#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

namespace fep {

/// Cells of a coarse grid over a clip: along T, H and W.
using Cells = std::array<std::int64_t, 3>;

/// A smooth random field over a clip, as RISE draws its masks: a coarse grid of random numbers, made larger
/// by trilinear interpolation and cropped at a random shift of less than one cell.
///
/// With s = ⌈side/cells⌉ on each axis, a grid of cells + 1 numbers becomes (cells + 1)·s long; the crop
/// begins at ⌊u·s⌋. Draws from the generator, in this order: the grid, as torch.rand does, and three u for T,
/// H and W. Numbers below `keep` become 1 and the others 0 before they are interpolated; a negative `keep`
/// leaves them as they are, uniform in [0, 1). sizes: T, H, W. Returns T×H×W in [0, 1] on the CPU.
at::Tensor smooth_grid(at::IntArrayRef sizes, const Cells& cells, double keep, at::Generator& generator);

}  // namespace fep
