#pragma once

#include <array>

#include "attribution/attribution.h"

namespace fep {

struct IntegratedGradientsOptions {
  std::int64_t steps = 25;
  std::array<double, 3> baseline = {};  ///< X', one colour everywhere, in normalised space
};

/// Integrated gradients, M. Sundararajan, A. Taly, Q. Yan: Axiomatic Attribution for Deep Networks, 2017:
///
///   IG = (X − X') ⊙ ∫ ∂S_y/∂X at X' + α·(X − X'), α from 0 to 1;   map = |Σ over channels of IG|
///
/// The integral by the midpoint rule, α = (k + ½)/steps. Completeness: ΣIG should be S_y(X) − S_y(X'); by how
/// much it is not is the error of the integral. facts: completenessGap (its size), score, baselineScore.
/// @throws Cancelled between two batches, when the observer requests it
Attribution integrated_gradients(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                                 const IntegratedGradientsOptions& options, ProgressObserver& observer);

}  // namespace fep
