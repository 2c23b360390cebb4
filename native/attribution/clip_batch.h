#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "attribution/perturbation.h"
#include "ops/common/arithmetic.h"

namespace fep {

/// The clips that a run explains. Each has equally many of the run's masks, which are ordered clip by clip.
class ClipBatch {
 public:
  /// clips: B×C×T×H×W, normalised.
  ClipBatch(const at::Tensor& clips, std::int64_t masks_of_each, const Perturbation& perturbation);

  /// M ⊗ X for masks n×T×H×W, the first of which is mask `first` of the run: n×C×T×H×W. See
  /// ops/perturb/perturb.h.
  at::Tensor perturb(const at::Tensor& masks, std::int64_t first, Arithmetic arithmetic) const;

  /// Takes the gradient of these clips back to the masks, n×T×H×W.
  at::Tensor perturb_backward(const at::Tensor& gradient, const at::Tensor& masks, std::int64_t first,
                              Arithmetic arithmetic) const;

 private:
  /// Applies an operation clip by clip, to the clip's pyramid and its masks, [begin, begin + count) of the n,
  /// and joins the results.
  using Operation =
      std::function<at::Tensor(const at::Tensor& pyramid, std::int64_t begin, std::int64_t count)>;
  at::Tensor for_each_clip(std::int64_t n, std::int64_t first, const Operation& operation) const;

  std::int64_t masks_of_each_;
  std::vector<at::Tensor> pyramids_;  ///< levels×C×T×H×W each
};

}  // namespace fep
