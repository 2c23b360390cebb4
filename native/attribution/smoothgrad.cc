#include "attribution/smoothgrad.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <vector>

namespace fep {
namespace {

/// `count` clips of standard normal noise, drawn one after the other.
at::Tensor draw_noise(std::int64_t count, const at::Tensor& clip, at::Generator& generator) {
  std::vector<at::Tensor> noise;
  for (std::int64_t i = 0; i < count; ++i) noise.push_back(at::randn(clip.sizes(), generator));
  return at::stack(noise).to(clip.device());
}

}  // namespace

Attribution smoothgrad(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                       const SmoothGradOptions& options, ProgressObserver& observer) {
  Attribution result;
  const auto batch = gradient_batch(model);
  auto generator = at::detail::createCPUGenerator(options.seed);
  const auto sigma = options.noise * (clip.max() - clip.min());

  auto sum = at::zeros_like(clip), sum_of_squares = at::zeros_like(clip);
  for (std::int64_t first = 0; first < options.samples; first += batch) {
    if (observer.cancelled()) throw Cancelled();
    const auto count = std::min(batch, options.samples - first);
    const auto noisy = clip + sigma * draw_noise(count, clip, generator);
    const auto gradient = score_gradient(model, noisy, target, result.model_seconds).gradient;
    sum += gradient.sum(0);
    sum_of_squares += gradient.square().sum(0);
    observer.on_progress(first + count, options.samples);
  }
  const auto mean = sum / options.samples, mean_square = sum_of_squares / options.samples;
  const bool is_mean = options.form == SmoothGradOptions::Form::mean;
  const bool is_squared = options.form == SmoothGradOptions::Form::squared;
  result.map = mean_magnitude(is_mean ? mean : is_squared ? mean_square : mean_square - mean.square());
  return result;
}

}  // namespace fep
