#pragma once

#include "attribution/attention.h"

namespace fep {

/// Gradient-weighted attention, H. Chefer, S. Gur, L. Wolf: Generic Attention-model Explainability for
/// Interpreting Bi-Modal and Encoder-Decoder Transformers, 2021, its rule for self-attention:
///
///   Ā = mean over the heads of ReLU(∂S_y/∂A ⊙ A);   R = I, then R ← R + Ā·R for each attention in turn
///
/// The map is the class tokens' row of R, or the mean of the patches' rows where the answer does not use
/// class tokens (see rolled_out).
/// @throws LayerError when the model has no attention that can be rolled out
Attribution gradient_attention(VideoModel& model, const at::Tensor& clip, std::int64_t target);

}  // namespace fep
