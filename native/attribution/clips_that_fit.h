#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

#include "model/video_model.h"

namespace fep {

/// How many of `wanted` clips the model's forward and backward can take at once without exhausting the
/// memory; at least one. Found from one pass of one clip, so that memory is not run into: a kernel that gets
/// none may take the process with it, and a system that has none left kills it.
///
/// clip: C×T×H×W. memory: bytes that are free for the purpose; none to ask the clip's device, and on a CPU,
/// which has no allocator to ask, not to limit them.
std::int64_t clips_that_fit(VideoModel& model, const at::Tensor& clip, std::int64_t wanted,
                            std::optional<std::int64_t> memory);

}  // namespace fep
