#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

#include "common/enum_names.h"

namespace fep {

/// How the learning rate goes from the first iteration to the last.
enum class Schedule {
  published,  ///< it stays
  fast,       ///< slow until the mask's place is found, then several times faster, and slow again
};
template <>
inline constexpr auto kNames<Schedule> =
    std::to_array<Named<Schedule>>({{"published", Schedule::published}, {"fast", Schedule::fast}});

/// Of one iteration.
struct Pace {
  double rate = 1;                ///< factor of the learning rate ε
  std::optional<double> longest;  ///< most that a gradient may move a parameter; none: it is not limited

  bool operator==(const Pace&) const = default;
};

/// The pace of iteration t of n.
///
/// Two things take the published schedule its many iterations: where the mask lies is settled within the
/// first fifty, and then what it leaves out nears 0 exponentially, at a rate that is proportional to ε. Five
/// times ε gets there in a fraction of them, but now and then a mask that has become too small loses the
/// class, and a gradient of −w_r·log Φ_y, which grows with 1/Φ_y, throws all of it open. So gradients are
/// limited then (Pascanu et al., 2013), as a whole, which keeps their frequencies what Eq. (6) left of them.
Pace pace_at(std::int64_t t, std::int64_t n, Schedule schedule);

/// Gradients N×…, each scaled down as a whole where it is anywhere larger than `largest`.
at::Tensor limited(const at::Tensor& gradient, double largest);

}  // namespace fep
