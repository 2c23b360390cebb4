#include "attribution/convergence.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace fep {
namespace {

double total_energy(const Iteration& iteration, std::size_t mask) {
  return static_cast<double>(iteration.reward[mask]) + iteration.area[mask] + iteration.core[mask];
}

/// Mean of a mask's total energy over the iterations [first, first + n).
double mean_energy(const std::vector<Iteration>& iterations, std::size_t mask, std::size_t first,
                   std::size_t n) {
  double sum = 0;
  for (auto i = first; i < first + n; ++i) sum += total_energy(iterations[i], mask);
  return sum / static_cast<double>(n);
}

double highest_energy(const std::vector<Iteration>& iterations, std::size_t mask) {
  double highest = total_energy(iterations.front(), mask);
  for (const auto& iteration : iterations) highest = std::max(highest, total_energy(iteration, mask));
  return highest;
}

}  // namespace

bool has_converged(const std::vector<Iteration>& iterations, std::size_t mask,
                   const ConvergenceCriterion& criterion) {
  const auto done = static_cast<std::int64_t>(iterations.size());
  if (done < criterion.settles_after + 2 * criterion.window) return false;
  const auto window = static_cast<std::size_t>(criterion.window), end = iterations.size();
  const auto before = mean_energy(iterations, mask, end - 2 * window, window);
  const auto now = mean_energy(iterations, mask, end - window, window);
  const auto fall = highest_energy(iterations, mask) - now;
  return std::abs(before - now) <= criterion.tolerance * fall;
}

}  // namespace fep
