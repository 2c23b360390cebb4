#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

namespace fep {

/// Orthonormal 3-D DCT-II over the last three axes (T, H, W), any leading axes: H(·) of Eq. (4). The paper
/// prints the ½-factor on the spatial index, which does not invert; this is the transform that does, and
/// equals SciPy's `dctn(norm="ortho")`.
at::Tensor dct3(const at::Tensor& input);

/// Its inverse, the orthonormal DCT-III: SciPy's `idctn(norm="ortho")`.
at::Tensor idct3(const at::Tensor& input);

/// dct3 and idct3 as products with the transform's matrices: on every device, without gradients of their own.
at::Tensor dct3_by_matrices(const at::Tensor& input);
at::Tensor idct3_by_matrices(const at::Tensor& input);

/// The frequencies that low_ratio r_l and high_ratio r_h let pass along one axis of n.
struct Band {
  std::int64_t low;   ///< A keeps indices [0, low) on every axis
  std::int64_t high;  ///< B drops indices [0, high) on every axis: what it keeps is an L-shaped shell
};

/// Band edges ⌊r_l·n⌋ and ⌊(1−r_h)·n⌋ (1-based i <= r·n), with a tolerance: (1−0.9)·10 is not ≥ 1 in floating
/// point. For r_l > 0 at least the DC term is kept, which the printed rule would lose on small grids, and B
/// never holds what A holds already.
Band frequency_band(std::int64_t n, double low_ratio, double high_ratio);

/// r_l and r_h, for the axis T apart if given.
struct BandRatios {
  double low, high;
  std::optional<double> temporal_low, temporal_high;
  bool operator==(const BandRatios&) const = default;
};

/// The bands of the axes T, H and W.
struct Bands {
  Band t, h, w;
};

/// @param sizes of T, H and W
Bands frequency_bands(at::IntArrayRef sizes, const BandRatios& ratios);

/// Eq. (6): H⁻¹(A ⊙ G) + H⁻¹(B ⊙ G) with G = H(gradient), over the last three axes.
/// r_l, r_h >= 0 and r_l + r_h <= 1, else an error. At r_l + r_h = 1 it is the identity.
/// temporal_*: other ratios for the axis T than for H and W; those of H and W unless given.
at::Tensor frequency_modulate(const at::Tensor& gradient, double low_ratio, double high_ratio,
                              std::optional<double> temporal_low_ratio = {},
                              std::optional<double> temporal_high_ratio = {});

}  // namespace fep
