#include "attribution/rise.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "attribution/stopwatch.h"

namespace fep {
namespace {

/// Masks in one pass of the model.
constexpr std::int64_t kBatch = 8;

/// `count` masks, count×T×H×W.
at::Tensor draw_masks(std::int64_t count, const at::Tensor& clip, const RiseOptions& options,
                      at::Generator& generator) {
  std::vector<at::Tensor> masks;
  for (std::int64_t i = 0; i < count; ++i) {
    masks.push_back(smooth_grid(clip.sizes().slice(1), options.cells, options.keep, generator));
  }
  return at::stack(masks).to(clip.device());
}

}  // namespace

Attribution rise(VideoModel& model, const at::Tensor& clip, std::int64_t target, const RiseOptions& options,
                 ProgressObserver& observer) {
  const at::NoGradGuard no_gradient;
  Attribution result;
  auto generator = at::detail::createCPUGenerator(options.seed);

  auto sum = at::zeros_like(clip[0]), kept = at::zeros_like(clip[0]);
  for (std::int64_t first = 0; first < options.samples; first += kBatch) {
    if (observer.cancelled()) throw Cancelled();
    const auto count = std::min(kBatch, options.samples - first);
    const auto masks = draw_masks(count, clip, options, generator);
    at::Tensor probability;
    {
      const Stopwatch watch(result.model_seconds);
      probability = model.probabilities(masks.unsqueeze(1) * clip).select(1, target);
    }
    sum += (probability.view({-1, 1, 1, 1}) * masks).sum(0);
    kept += masks.sum(0);
    observer.on_progress(first + count, options.samples);
  }
  result.map = sum / kept.clamp_min(std::numeric_limits<float>::min());
  return result;
}

}  // namespace fep
