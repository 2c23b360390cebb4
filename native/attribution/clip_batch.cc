#include "attribution/clip_batch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstddef>

#include "ops/perturb/perturb.h"
#include "ops/perturb/published_perturb.h"

namespace fep {

ClipBatch::ClipBatch(const at::Tensor& clips, std::int64_t masks_of_each, const Perturbation& perturbation)
    : masks_of_each_(masks_of_each) {
  for (const auto& clip : clips.unbind()) pyramids_.push_back(perturbation_pyramid(clip, perturbation));
}

at::Tensor ClipBatch::perturb(const at::Tensor& masks, std::int64_t first, Arithmetic arithmetic) const {
  auto* const operation = arithmetic == Arithmetic::fused ? fep::perturb : published_perturb;
  return for_each_clip(masks.size(0), first,
                       [&](const at::Tensor& pyramid, std::int64_t begin, std::int64_t count) {
                         return operation(pyramid, masks.narrow(0, begin, count));
                       });
}

at::Tensor ClipBatch::perturb_backward(const at::Tensor& gradient, const at::Tensor& masks,
                                       std::int64_t first, Arithmetic arithmetic) const {
  auto* const operation =
      arithmetic == Arithmetic::fused ? fep::perturb_backward : published_perturb_backward;
  return for_each_clip(
      masks.size(0), first, [&](const at::Tensor& pyramid, std::int64_t begin, std::int64_t count) {
        return operation(gradient.narrow(0, begin, count), pyramid, masks.narrow(0, begin, count));
      });
}

at::Tensor ClipBatch::for_each_clip(std::int64_t n, std::int64_t first, const Operation& operation) const {
  std::vector<at::Tensor> results;
  for (std::int64_t begin = 0; begin < n;) {
    const auto clip = (first + begin) / masks_of_each_;
    const auto count = std::min(n - begin, (clip + 1) * masks_of_each_ - (first + begin));
    results.push_back(operation(pyramids_[static_cast<std::size_t>(clip)], begin, count));
    begin += count;
  }
  return results.size() == 1 ? results.front() : at::cat(results);
}

}  // namespace fep
