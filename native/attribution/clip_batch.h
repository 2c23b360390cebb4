#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "attribution/perturbation.h"
#include "ops/common/arithmetic.h"

namespace fep {

/// The clips that a run explains, each of which so many of the run's masks are of, one clip's behind
/// another's.
class ClipBatch {
 public:
  /// clips: B×C×T×H×W, normalised.
  ClipBatch(const at::Tensor& clips, std::int64_t masks_of_each, const Perturbation& perturbation);

  /// M ⊗ X of the masks n×T×H×W, of which the first is mask `first` of the run: n×C×T×H×W. See
  /// ops/perturb/perturb.h.
  at::Tensor perturb(const at::Tensor& masks, std::int64_t first, Arithmetic arithmetic) const;

  /// From the gradient of that to the masks', n×T×H×W.
  at::Tensor perturb_backward(const at::Tensor& gradient, const at::Tensor& masks, std::int64_t first,
                              Arithmetic arithmetic) const;

 private:
  /// Does something of a pyramid for places [begin, begin + count) of the n masks, clip after clip, and joins
  /// it.
  using Work = std::function<at::Tensor(const at::Tensor& pyramid, std::int64_t begin, std::int64_t count)>;
  at::Tensor for_each_clip(std::int64_t n, std::int64_t first, const Work& work) const;

  std::int64_t masks_of_each_;
  std::vector<at::Tensor> pyramids_;  ///< levels×C×T×H×W each
};

}  // namespace fep
