#pragma once

#include "attribution/attribution.h"

namespace fep {

/// Gradients: how fast the score changes with a voxel, mean over channels of |∂S_y/∂X|.
///
/// K. Simonyan, A. Vedaldi, A. Zisserman: Deep Inside Convolutional Networks, 2014 (there with the maximum
/// over channels).
Attribution gradients(VideoModel& model, const at::Tensor& clip, std::int64_t target);

}  // namespace fep
