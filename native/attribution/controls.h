#pragma once

#include "attribution/attribution.h"
#include "attribution/smooth_grid.h"

namespace fep {

// Maps that do not depend on the model: what every method has to beat.

struct RandomOptions {
  Cells cells = {4, 7, 7};
  std::uint64_t seed = 0;
};

/// Smooth random noise, see smooth_grid, replaced by its ranks: every value from 0 to 1 is equally frequent,
/// so that at any threshold the share of kept voxels is known. clip: C×T×H×W, of which only the sizes count.
Attribution random_control(const at::Tensor& clip, const RandomOptions& options);

/// A Gaussian in the middle of the frame, the same in every frame, σ a quarter of each side: where people
/// point their cameras.
Attribution center_control(const at::Tensor& clip);

}  // namespace fep
