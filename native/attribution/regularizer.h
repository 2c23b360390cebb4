#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "common/enum_names.h"
#include "ops/common/arithmetic.h"

namespace fep {

/// Which voxels share the budget a.
enum class Budget {
  clip,   ///< all frames together (3D-EP, STEP, F-EP)
  frame,  ///< each frame its own (EP-2D)
};
template <>
inline constexpr auto kNames<Budget> =
    std::to_array<Named<Budget>>({{"clip", Budget::clip}, {"frame", Budget::frame}});

struct RegularizerOptions {
  Arithmetic arithmetic = Arithmetic::fused;
  Budget budget = Budget::clip;
  double area_weight = 300;       ///< λ
  double area_growth = 1;         ///< λ is multiplied by this after every iteration
  double core_weight = 0;         ///< weight of STEP's core energy; 0 leaves it out
  std::int64_t core_after = 100;  ///< the core energy takes part in iterations beyond this one
};

/// Weighted energies of N masks in one iteration, and the gradient of their sum.
struct Regularization {
  at::Tensor area;      ///< N, λ·R_a
  at::Tensor core;      ///< N; zeros while the core energy takes no part
  at::Tensor gradient;  ///< N×T×H×W
};

/// λ in an iteration.
double area_weight_at(std::int64_t iteration, const RegularizerOptions& options);

/// Whether the core energy takes part in an iteration.
bool has_core_at(std::int64_t iteration, const RegularizerOptions& options);

/// The right term of Eq. (1), λ·R_a(M), and with STEP the core energy.
///
/// mask: N×T×H×W, the canvas or the frame; areas: one a for each of the N.
Regularization regularize(const at::Tensor& mask, const std::vector<double>& areas, std::int64_t iteration,
                          const RegularizerOptions& options);

}  // namespace fep
