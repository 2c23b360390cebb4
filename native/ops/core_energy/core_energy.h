#pragma once

#include <ATen/core/Tensor.h>

#include <tuple>

namespace fep {

/// Core energy of STEP (Li et al., WACV 2021): rewards masks that hold whole ellipsoids, 7 frames × 11×11
/// pixels.
///
/// The mask is convolved with an ellipsoid of ones, divided by its sum, at stride (1, 11, 11) and without
/// padding. The k = ⌈a·T·H·W/⌊7·11·11·0.5236⌋⌉ largest responses are pulled to 1 and the rest to 0: the mean
/// squares of the two groups, summed. k never exceeds the number of responses.
///
/// mask: N×T×H×W (the canvas), T >= 7, H and W >= 11; areas: one a for each of the N. Returns N energies.
at::Tensor core_energy(const at::Tensor& mask, at::ArrayRef<double> areas);

/// The energies and ∂(energy of n)/∂mask[n], N×T×H×W.
std::tuple<at::Tensor, at::Tensor> core_energy_with_gradient(const at::Tensor& mask,
                                                             at::ArrayRef<double> areas);

}  // namespace fep
