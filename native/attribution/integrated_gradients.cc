#include "attribution/integrated_gradients.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>

namespace fep {

Attribution integrated_gradients(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                                 const IntegratedGradientsOptions& options, ProgressObserver& observer) {
  Attribution result;
  const auto batch = gradient_batch(model);
  const auto baseline =
      at::tensor(at::ArrayRef<double>(options.baseline), clip.options()).view({-1, 1, 1, 1});
  const auto difference = clip - baseline;

  auto sum = at::zeros_like(clip);
  for (std::int64_t first = 0; first < options.steps; first += batch) {
    if (observer.cancelled()) throw Cancelled();
    const auto last = std::min(first + batch, options.steps);
    const auto alpha = (at::arange(first, last, clip.options()) + 0.5) / static_cast<double>(options.steps);
    const auto path = baseline + alpha.view({-1, 1, 1, 1, 1}) * difference;
    sum += score_gradient(model, path, target, result.model_seconds).gradient.sum(0);
    observer.on_progress(last, options.steps);
  }
  const auto contribution = difference * sum / static_cast<double>(options.steps);
  result.map = summed_magnitude(contribution);

  const at::NoGradGuard no_gradient;
  const auto ends = model.scores(at::stack({clip, baseline.expand_as(clip)})).select(1, target);
  const auto score = ends[0].item<double>(), baseline_score = ends[1].item<double>();
  const auto total = contribution.sum(at::kDouble).item<double>();
  result.facts = {{"completenessGap", std::abs(total - (score - baseline_score))},
                  {"score", score},
                  {"baselineScore", baseline_score}};
  return result;
}

}  // namespace fep
