#include "attribution/clips_that_fit.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "model/input_gradient.h"
#include "model/memory_meter.h"

namespace fep {
namespace {

/// The share of free memory for the clips' tensors. The rest is for the kernels' scratch space, the masks and
/// their gradients, blocks of the pool that nothing fits into, and other programs.
constexpr double kShare = 0.3;

/// Most bytes that a forward and backward pass of one clip holds at once.
std::int64_t bytes_of_one(VideoModel& model, const at::Tensor& clip) {
  const MemoryMeter meter;
  const auto input = clip.unsqueeze(0).clone().requires_grad_(true);
  input_gradient(model.log_probabilities(input).sum(), input);
  return meter.peak_bytes();
}

}  // namespace

std::int64_t clips_that_fit(VideoModel& model, const at::Tensor& clip, std::int64_t wanted,
                            std::optional<std::int64_t> memory) {
  if (wanted == 1 || !memory) return wanted;
  const double fit = kShare * static_cast<double>(*memory) / static_cast<double>(bytes_of_one(model, clip));
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::min(fit, static_cast<double>(wanted))));
}

}  // namespace fep
