#include "attribution/perturbed_probabilities.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <vector>

namespace fep {

at::Tensor perturbed_probabilities(VideoModel& model, const ClipBatch& clips, const at::Tensor& masks,
                                   Portions& portions, const StopSignal& stop) {
  const at::NoGradGuard no_gradient;
  std::vector<at::Tensor> probabilities;
  portions.for_each(masks.size(0), [&](std::int64_t first, std::int64_t count) {
    if (stop.cancelled()) throw Cancelled();
    const auto some = masks.narrow(0, first, count);
    probabilities.push_back(model.probabilities(clips.perturb(some, first, Arithmetic::fused)));
  });
  return at::cat(probabilities);
}

}  // namespace fep
