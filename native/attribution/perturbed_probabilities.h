#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "attribution/clip_batch.h"
#include "attribution/observer.h"
#include "attribution/portions.h"
#include "model/video_model.h"

namespace fep {

/// Masks in one pass of the model: enough to fill its kernels, few enough for a laptop's memory.
constexpr std::int64_t kMasksAtOnce = 8;

/// Φ(M ⊗ X) for the masks of one or several clips: what the faithfulness metrics need.
///
/// masks: N×T×H×W in [0, 1], on the model's device, taken in portions, so that the memory needed does not
/// grow with N. Returns N×classes.
/// @throws Cancelled between two portions, when the signal requests it
at::Tensor perturbed_probabilities(VideoModel& model, const ClipBatch& clips, const at::Tensor& masks,
                                   Portions& portions, const StopSignal& stop);

}  // namespace fep
