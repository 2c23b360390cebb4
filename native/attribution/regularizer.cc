#include "attribution/regularizer.h"

#include <ATen/ATen.h>

#include <cmath>

#include "ops/area_energy/area_energy.h"
#include "ops/core_energy/core_energy.h"

namespace fep {

double area_weight_at(std::int64_t iteration, const RegularizerOptions& options) {
  return options.area_weight * std::pow(options.area_growth, static_cast<double>(iteration));
}

bool has_core_at(std::int64_t iteration, const RegularizerOptions& options) {
  return options.core_weight != 0 && iteration > options.core_after;
}

Regularization regularize(const at::Tensor& mask, const std::vector<double>& areas, std::int64_t iteration,
                          const RegularizerOptions& options) {
  const double weight = area_weight_at(iteration, options);
  // On the first mask the order of equal values matters; see ops/area_energy/area_energy.h.
  const bool sorts = iteration == 0 || options.arithmetic == Arithmetic::published;
  const auto area_energy = sorts ? area_energy_by_sorting : area_energy_with_gradient;
  auto [area, gradient] = area_energy(mask, areas, options.budget == Budget::frame, weight);
  Regularization result{area, at::zeros_like(area), gradient};
  if (!has_core_at(iteration, options)) return result;
  const auto [core, core_gradient] = core_energy_with_gradient(mask, areas);
  result.core = core * options.core_weight;
  result.gradient.add_(core_gradient, options.core_weight);
  return result;
}

}  // namespace fep
