#pragma once

#include <ATen/core/Tensor.h>

#include <tuple>

namespace fep {

/// Area energy of Eq. (1): R_a(M) = mean((vecsort(M) − r_a)²), r_a being ⌊(1−a)·n⌋ zeros followed by ones.
///
/// As r_a is binary, R_a depends only on which values are among the largest: those are pulled to 1, the rest
/// to 0. So the threshold is selected and nothing is sorted. Of the values that equal the threshold, the
/// later ones are pulled to 1, as by a stable ascending sort.
///
/// mask: N×T×H×W; areas: one a in [0, 1] for each of the N. per_frame: each frame has the budget a to itself
/// (EP-2D) instead of the clip as a whole. Returns N energies.
at::Tensor area_energy(const at::Tensor& mask, at::ArrayRef<double> areas, bool per_frame = false);

/// The energies times `weight` and, in the same pass, ∂(energy of n)/∂mask[n], N×T×H×W.
std::tuple<at::Tensor, at::Tensor> area_energy_with_gradient(const at::Tensor& mask,
                                                             at::ArrayRef<double> areas,
                                                             bool per_frame = false, double weight = 1);

/// The same by sorting, N energies and N×T×H×W gradients. Slower, and of the values that equal the threshold
/// it pulls up those that torch.sort puts last, as the published code does. The method leaves that choice
/// open, but on the first mask of a run, where all parameters are 1 and most values tie, it decides how the
/// run begins.
std::tuple<at::Tensor, at::Tensor> area_energy_by_sorting(const at::Tensor& mask, at::ArrayRef<double> areas,
                                                          bool per_frame = false, double weight = 1);

}  // namespace fep
