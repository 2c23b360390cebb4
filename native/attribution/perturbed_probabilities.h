#pragma once

#include <ATen/core/Tensor.h>

#include "attribution/clip_batch.h"
#include "attribution/observer.h"
#include "attribution/perturbation.h"
#include "attribution/portions.h"
#include "model/video_model.h"

namespace fep {

/// Φ(M ⊗ X) for many masks of one clip: what the faithfulness metrics need.
///
/// clip: C×T×H×W, normalised; masks: N×T×H×W in [0, 1]; both on the model's device. Run in small batches, so
/// that the memory needed does not grow with N. Returns N×classes.
/// @throws Cancelled between two batches, when the signal requests it
at::Tensor perturbed_probabilities(VideoModel& model, const at::Tensor& clip, const at::Tensor& masks,
                                   const Perturbation& perturbation, const StopSignal& stop);

/// The same for the masks of several clips, in the caller's portions.
at::Tensor perturbed_probabilities(VideoModel& model, const ClipBatch& clips, const at::Tensor& masks,
                                   Portions& portions, const StopSignal& stop);

}  // namespace fep
