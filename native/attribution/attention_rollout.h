#pragma once

#include "attribution/attention.h"

namespace fep {

/// Attention rollout, S. Abnar, W. Zuidema: Quantifying Attention Flow in Transformers, 2020:
///
///   Â = ½·(mean of A over the heads) + ½·I;   rollout = Â_n ··· Â_1
///
/// Rows of A add up to 1, and so do those of Â. The map is the class tokens' row, or the mean of the patches'
/// rows where the answer does not use class tokens (see rolled_out). It is of no class in particular.
/// @throws LayerError when the model has no attention that can be rolled out
Attribution attention_rollout(VideoModel& model, const at::Tensor& clip, std::int64_t target);

}  // namespace fep
