#include "attribution/perturbed_probabilities.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <vector>

#include "attribution/portions.h"
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
  Portions(kBatch).for_each(masks.size(0), [&](std::int64_t first, std::int64_t count) {
    if (stop.cancelled()) throw Cancelled();
    probabilities.push_back(model.probabilities(perturb(pyramid, masks.narrow(0, first, count))));
  });
  return at::cat(probabilities);
}

}  // namespace fep
