#include "attribution/descent_schedule.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace fep {
namespace {

/// Corners of the fast schedule: a share of the iterations and the factor of ε there, with straight lines
/// between them. Chosen on clips of the synthetic validation split.
struct Corner {
  double share, rate;
};
constexpr std::array<Corner, 5> kCorners{{{0, 1}, {5.0 / 12, 1}, {1.0 / 2, 5}, {5.0 / 6, 5}, {1, 0.2}}};

/// So it takes a parameter more than three gradients to get from 1 to 0.
constexpr double kLongest = 0.3;

double rate_at(double share) {
  const auto next =
      std::ranges::find_if(kCorners, [&](const Corner& corner) { return corner.share > share; });
  const auto& to = *next;
  const auto& from = *(next - 1);
  return std::lerp(from.rate, to.rate, (share - from.share) / (to.share - from.share));
}

}  // namespace

Pace pace_at(std::int64_t t, std::int64_t n, Schedule schedule) {
  if (schedule == Schedule::published) return {};
  const double rate = rate_at(static_cast<double>(t) / static_cast<double>(n));
  return {rate, rate > 1 ? std::optional(kLongest) : std::nullopt};
}

at::Tensor limited(const at::Tensor& gradient, double largest) {
  std::vector<std::int64_t> axes(static_cast<std::size_t>(gradient.dim() - 1));
  std::iota(axes.begin(), axes.end(), 1);
  constexpr bool kKeepAxes = true;
  return gradient * (largest / gradient.abs().amax(axes, kKeepAxes)).clamp_max(1);
}

}  // namespace fep
