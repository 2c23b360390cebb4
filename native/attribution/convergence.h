#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "attribution/observer.h"

namespace fep {

/// When a mask of extremal perturbation has settled: when the mean of the total energy over the last `window`
/// iterations differs from the mean over the `window` before them by at most `tolerance` times the energy's
/// fall from its highest value so far. Means, because energies fluctuate from one iteration to the next.
struct ConvergenceCriterion {
  std::int64_t window = 30;
  double tolerance = 0.0005;
  std::int64_t settles_after = 0;  ///< iterations that do not count: STEP's core energy sets in late
};

/// Whether a mask of a run has settled, judged by the energies of all iterations so far.
bool has_converged(const std::vector<Iteration>& iterations, std::size_t mask,
                   const ConvergenceCriterion& criterion);

}  // namespace fep
