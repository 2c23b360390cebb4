#include "attribution/attribution.h"

#include <ATen/ATen.h>

#include "attribution/stopwatch.h"
#include "model/input_gradient.h"

namespace fep {

ScoreGradient score_gradient(VideoModel& model, const at::Tensor& clips, std::int64_t target,
                             double& seconds) {
  const Stopwatch watch(seconds);
  const auto input = clips.detach().requires_grad_(true);
  const auto score = model.scores(input).select(1, target);
  const auto gradient = input_gradient(score.sum(), input);
  return {score.detach(), gradient.to(at::kFloat)};
}

at::Tensor mean_magnitude(const at::Tensor& gradient) {
  return gradient.abs().mean(0);
}

at::Tensor summed_magnitude(const at::Tensor& contribution) {
  return contribution.sum(0).abs();
}

}  // namespace fep
