#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fep {

struct FramesBudgetOptions {
  double share = 1;           ///< of the frames, that a mask may use; 1: all of them
  bool found_before = false;  ///< the run starts from a mask that has left its frames out
};

/// Leaves frames out of masks. Half of a run goes by until a mask shows which frames it needs. The others, as
/// many as the budget has no room for, then fade: their parameters are clamped to a bound that falls to 0
/// during a quarter of the run, while the frames that stay take over what the model needs.
class FramesBudget {
 public:
  FramesBudget(const FramesBudgetOptions& options, std::int64_t iterations)
      : options_(options), iterations_(iterations) {}

  /// The most that parameters of the frames left out may be after iteration t; 1 while none are.
  double bound_at(std::int64_t t) const;

  /// Clamps parameters N×T×h×w after the update of iteration t, in place.
  void clamp(at::Tensor& parameters, std::int64_t t);

 private:
  FramesBudgetOptions options_;
  std::int64_t iterations_;
  at::Tensor left_out_;  ///< N×T×1×1: 1 for the frames left out, once they are known
};

}  // namespace fep
