#pragma once

#include <ATen/core/Tensor.h>

#include <tuple>

namespace fep {

/// Area energy of Eq. (1): R_a(M) = mean((vecsort(M) − r_a)²), r_a being ⌊(1−a)·n⌋ zeros followed by ones.
///
/// As r_a is binary, R_a asks only which values are among the largest: those are pulled to 1, the rest to 0.
/// So the threshold is selected and nothing is sorted. Only where equal values straddle the threshold (at the
/// start, when all parameters are 1) is their order asked of at::sort: which of them are pulled to 1 is arbitrary,
/// and this is the choice that the published code makes.
///
/// mask: N×T×H×W; areas: one a in [0, 1] for each of the N. per_frame: each frame has the budget a to itself
/// (EP-2D) instead of the clip as a whole. Returns N energies.
at::Tensor area_energy(const at::Tensor& mask, at::ArrayRef<double> areas, bool per_frame = false);

/// The energies and, in the same pass, ∂(energy of n)/∂mask[n], N×T×H×W.
std::tuple<at::Tensor, at::Tensor> area_energy_with_gradient(const at::Tensor& mask,
                                                             at::ArrayRef<double> areas,
                                                             bool per_frame = false);

}  // namespace fep
