#pragma once

#include "attribution/attribution.h"

namespace fep {

/// Input×gradient: a voxel's share in the score's linear part, |Σ over channels of X ⊙ ∂S_y/∂X|.
///
/// A. Shrikumar, P. Greenside, A. Shcherbina, A. Kundaje: Not Just a Black Box, 2016. X is the normalised
/// clip.
Attribution input_x_gradient(VideoModel& model, const at::Tensor& clip, std::int64_t target);

}  // namespace fep
