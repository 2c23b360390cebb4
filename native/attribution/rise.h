#pragma once

#include "attribution/attribution.h"
#include "attribution/smooth_grid.h"

namespace fep {

struct RiseOptions {
  std::int64_t samples = 500;
  Cells cells = {4, 7, 7};
  double keep = 0.5;  ///< probability that a cell is kept
  std::uint64_t seed = 0;
};

/// RISE, V. Petsiuk, A. Das, K. Saenko: Randomized Input Sampling for Explanation of Black-box Models, 2018,
/// with masks over space and time: how probable the class is, on average, when a voxel is kept.
///
///   map = Σ_i Φ_y(M_i ⊙ X)·M_i / Σ_i M_i
///
/// M_i are smooth random masks, see smooth_grid. X is normalised, so that what is not kept fades to the mean
/// colour, as published. Where the paper divides by the expected ΣM_i, this divides by the actual one: voxels
/// that happened to be kept more often do not look more important. Needs no gradients.
/// @throws Cancelled between two batches, when the observer requests it
Attribution rise(VideoModel& model, const at::Tensor& clip, std::int64_t target, const RiseOptions& options,
                 ProgressObserver& observer);

}  // namespace fep
