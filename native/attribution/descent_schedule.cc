#include "attribution/descent_schedule.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

namespace fep {
namespace {

/// A share of the iterations and the factor of ε there, with straight lines between them.
struct Corner {
  double share, rate;
};

// Chosen on clips of the synthetic validation split.
constexpr std::array<Corner, 5> kFast{{{0, 1}, {5.0 / 12, 1}, {1.0 / 2, 5}, {5.0 / 6, 5}, {1, 0.2}}};
constexpr std::array<Corner, 5> kQuick{{{0, 1}, {0.3, 1}, {0.4, 4}, {0.9, 4}, {1, 0.5}}};

constexpr std::size_t kHighest = 2;  ///< the corner from which the rate is as high as it gets

constexpr Limit kFastLimit{0.3, std::nullopt};  // a parameter gets from 1 to 0 in more than three gradients,
constexpr Limit kQuickLimit{0.5, 8};            // and here in two,
constexpr Limit kSearchLimit{1, 16};            // or in one, where the mask has its place

double rate_at(double share, std::span<const Corner> corners) {
  const auto next = std::ranges::find_if(corners, [&](const Corner& corner) { return corner.share > share; });
  const auto& to = *next;
  const auto& from = *(next - 1);
  return std::lerp(from.rate, to.rate, (share - from.share) / (to.share - from.share));
}

/// What scales gradients N×… down to `largest`, N×1×…; 1 where nothing exceeds it.
at::Tensor scale_to(const at::Tensor& gradient, double largest) {
  std::vector<std::int64_t> axes(static_cast<std::size_t>(gradient.dim() - 1));
  std::iota(axes.begin(), axes.end(), 1);
  constexpr bool kKeepAxes = true;
  return (largest / gradient.abs().amax(axes, kKeepAxes)).clamp_max(1);
}

}  // namespace

Pace pace_at(std::int64_t t, std::int64_t n, Schedule schedule, bool found_before) {
  if (schedule == Schedule::published) return found_before ? Pace{1, kFastLimit} : Pace{};
  const bool quick = schedule == Schedule::quick;
  const auto& corners = quick ? kQuick : kFast;
  const double begin = found_before ? corners[kHighest].share : 0;
  const double share = std::lerp(begin, 1.0, static_cast<double>(t) / static_cast<double>(n));
  const double rate = rate_at(share, corners);
  if (rate <= 1) return {rate, std::nullopt};
  if (!quick) return {rate, kFastLimit};
  return {rate, found_before ? kSearchLimit : kQuickLimit};
}

at::Tensor limited(const at::Tensor& gradient, double largest) {
  return gradient * scale_to(gradient, largest);
}

at::Tensor limited_apart(const at::Tensor& reward, const at::Tensor& area, double largest, double spared) {
  const auto scale = scale_to(reward + area, largest);
  return reward * scale + area * (spared * scale).clamp_max(1);
}

}  // namespace fep
