#include "attribution/controls.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>

namespace fep {
namespace {

/// exp(−½·((i − middle)/σ)²) along an axis of `size` pixels.
at::Tensor bell(std::int64_t size, const at::TensorOptions& options) {
  const auto length = static_cast<double>(size);
  const auto distance = (at::arange(size, options) - (length - 1) / 2) / (length / 4);
  return at::exp(-0.5 * distance.square());
}

}  // namespace

Attribution random_control(const at::Tensor& clip, const RandomOptions& options) {
  auto generator = at::detail::createCPUGenerator(options.seed);
  const auto noise = smooth_grid(clip.sizes().slice(1), options.cells, /*keep=*/-1, generator);
  const auto order = noise.flatten().argsort(/*stable=*/true);
  const auto last = static_cast<double>(std::max<std::int64_t>(noise.numel() - 1, 1));
  auto ranks = at::empty_like(noise).flatten();
  ranks.index_copy_(0, order, at::arange(noise.numel(), noise.options()) / last);
  return {ranks.view(noise.sizes()).to(clip.device()), {}, 0};
}

Attribution center_control(const at::Tensor& clip) {
  const auto height = bell(clip.size(2), clip.options()).unsqueeze(1);
  const auto width = bell(clip.size(3), clip.options()).unsqueeze(0);
  return {(height * width).expand(clip.sizes().slice(1)).contiguous(), {}, 0};
}

}  // namespace fep
