#pragma once

#include <vector>

#include "attribution/attribution.h"

namespace fep {

/// How the tokens that attend to each other lie in the clip.
enum class AttentionSpan {
  clip,     ///< all of them: 1×L×L
  frame,    ///< those of a frame, and the class tokens, which each frame has for itself: T'×(prefix+H'·W')²
  place,    ///< those of a place, over time: (H'·W')×T'×T'
  queries,  ///< all of them, for queries that are no tokens, as of a head: 1×Q×L
};

/// One attention of a transformer, its heads put together: Ā, batch×queries×keys.
struct TokenAttention {
  AttentionSpan span;
  bool has_prefix;  ///< whether class tokens take part
  at::Tensor weights;
};

/// The attention of a model on a clip.
struct AttentionMaps {
  TokenGrid tokens;
  std::vector<TokenAttention> layers;  ///< in the order in which they ran
  bool uses_prefix;                    ///< whether the answer depends on what class tokens attend to
};

/// How the weights A of an attention and ∂S_y/∂A, batch×heads×queries×keys, become Ā: over the heads.
using JoinHeads = at::Tensor (*)(const at::Tensor& weights, const at::Tensor& gradient);

/// @throws LayerError when the model has no attention over tokens of a grid, or any over windows of tokens or
///   over pooled ones
AttentionMaps attention_maps(VideoModel& model, const at::Tensor& clip, std::int64_t target, JoinHeads join,
                             double& seconds);

/// The row of the product of all attentions, keep·I + move·Ā of each in the order in which they ran, that
/// belongs to what the answer takes: the class tokens where it uses them, else the mean over the patches, or
/// the queries of a head. As large as the clip by trilinear interpolation: T×H×W.
///
/// Attention within frames or places is the block matrix over all tokens: class tokens are the mean of their
/// copies in the frames, or one for each frame where frames see nothing of each other. rest: what Ā is of
/// class tokens that take no part, 1 or 0 on the diagonal.
at::Tensor rolled_out(const AttentionMaps& maps, double keep, double move, double rest,
                      const at::Tensor& clip);

}  // namespace fep
