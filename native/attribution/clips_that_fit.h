#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

#include "model/video_model.h"

namespace fep {

/// How many of `wanted` clips the model's forward and backward can take at once within `memory` bytes; at
/// least one. Measured on one clip, because to try and fail is not safe on a CPU: a kernel that cannot
/// allocate may end the process. Without `memory`, returns `wanted`: a GPU reports that its memory is
/// exhausted.
///
/// clip: C×T×H×W.
std::int64_t clips_that_fit(VideoModel& model, const at::Tensor& clip, std::int64_t wanted,
                            std::optional<std::int64_t> memory);

}  // namespace fep
