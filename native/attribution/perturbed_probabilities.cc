#include "attribution/perturbed_probabilities.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <vector>

#include "ops/perturb.h"

namespace fep {
namespace {

/// Clips in one run of the model: enough to fill its kernels, few enough for a laptop's memory.
constexpr std::int64_t kBatch = 8;

}  // namespace

at::Tensor perturbed_probabilities(VideoModel& model, const at::Tensor& clip, const at::Tensor& masks,
                                   const Perturbation& perturbation, const StopSignal& stop) {
  const at::NoGradGuard no_gradient;
  const auto pyramid = perturbation_pyramid(clip, perturbation);
  std::vector<at::Tensor> probabilities;
  for (std::int64_t first = 0; first < masks.size(0); first += kBatch) {
    if (stop.cancelled()) throw Cancelled();
    const auto some = masks.narrow(0, first, std::min(kBatch, masks.size(0) - first));
    probabilities.push_back(model.probabilities(perturb(pyramid, some)));
  }
  return at::cat(probabilities);
}

}  // namespace fep
