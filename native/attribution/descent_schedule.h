#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

#include "common/enum_names.h"

namespace fep {

/// How the learning rate changes from the first iteration to the last.
enum class Schedule {
  published,  ///< it is constant
  fast,       ///< slow until the mask's place is found, then several times faster, and slow again
  quick,      ///< the same in half the iterations, the area's gradient limited less than the reward's
};
template <>
inline constexpr auto kNames<Schedule> = std::to_array<Named<Schedule>>(
    {{"published", Schedule::published}, {"fast", Schedule::fast}, {"quick", Schedule::quick}});

/// How far gradients may move a parameter.
struct Limit {
  double longest;  ///< the most
  /// How many times less the area's gradient is scaled down than the reward's; none: both as a whole.
  std::optional<double> area_spared;

  bool operator==(const Limit&) const = default;
};

/// The step size of one iteration.
struct Pace {
  double rate = 1;             ///< factor of the learning rate ε
  std::optional<Limit> limit;  ///< none: no limit

  bool operator==(const Pace&) const = default;
};

/// The pace of iteration t of n.
///
/// The mask's place is settled within the first fifty iterations. The published schedule spends the many
/// others on what the mask leaves out, which approaches 0 exponentially, at a rate proportional to ε. Five
/// times ε gets there in a fraction of them. But now and then a mask that has become too small loses the
/// class, and the gradient of −w_r·log Φ_y, which grows with 1/Φ_y, opens all of it again. So gradients are
/// clipped while ε is raised (Pascanu et al., 2013): scaled as a whole, which preserves the frequencies that
/// Eq. (6) has kept.
///
/// One sharp peak of the reward's gradient slows the whole mask down that way, also where nothing but the
/// smooth gradient of the area is left. The quick schedule scales the two apart, each as a whole.
///
/// A run that starts from a mask whose place was found before begins where the rate is highest: the slow part
/// has no limit, and a budget below the mask's size would let a class that is nearly lost open all of it.
Pace pace_at(std::int64_t t, std::int64_t n, Schedule schedule, bool found_before);

/// Gradients N×…, each scaled down as a whole if any of its values exceeds `largest` in size.
at::Tensor limited(const at::Tensor& gradient, double largest);

/// The sum of gradients N×…, of the reward and of the area. Where any of its values exceeds `largest` in
/// size, the reward's are scaled by the factor that would bring the sum down to it, and the area's `spared`
/// times less.
at::Tensor limited_apart(const at::Tensor& reward, const at::Tensor& area, double largest, double spared);

}  // namespace fep
