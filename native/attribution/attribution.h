#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>

#include "attribution/observer.h"
#include "model/video_model.h"

namespace fep {

// What all saliency methods share. Each takes a model, a clip C×T×H×W (normalised, on the model's device), a
// class and its own options, and returns how much each voxel counts. S_y below is the class's score, see
// VideoModel::scores.

/// What a saliency method finds.
struct Attribution {
  at::Tensor map;                       ///< T×H×W, at least 0, not scaled
  std::map<std::string, double> facts;  ///< further figures that the method reports
  double model_seconds = 0;             ///< spent in the model's forward and backward
};

/// Clips in one forward and backward pass of the model, which keeps all activations. One keeps a CPU busy.
inline std::int64_t gradient_batch(const VideoModel& model) {
  return model.device().is_cpu() ? 1 : 8;
}

/// S_y and ∂S_y/∂X.
struct ScoreGradient {
  at::Tensor score;     ///< N
  at::Tensor gradient;  ///< N×C×T×H×W
};

/// S_y of clips N×C×T×H×W, and its gradient with respect to them. Adds to `seconds` what the model took.
ScoreGradient score_gradient(VideoModel& model, const at::Tensor& clips, std::int64_t target,
                             double& seconds);

/// The mean over C of |g|, from C×T×H×W to T×H×W.
at::Tensor mean_magnitude(const at::Tensor& gradient);

/// The magnitude of a voxel's contribution: |Σ over C|, from C×T×H×W to T×H×W. Channels may cancel, as they
/// do in the score.
at::Tensor summed_magnitude(const at::Tensor& contribution);

}  // namespace fep
