#include "attribution/frames_budget.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace fep {
namespace {

/// Shares of the run: how long all frames stay, and how long the others take to fade.
constexpr double kAllStay = 0.5;
constexpr double kFading = 0.25;

/// N×T×1×1: 1 for the frames in which a mask keeps least, 0 for as many as the budget has.
at::Tensor frames_to_leave_out(const at::Tensor& parameters, double share) {
  const auto kept = parameters.mean({2, 3});
  const auto room = std::ceil(share * static_cast<double>(parameters.size(1)) - 1e-9);
  const auto most = std::get<1>(kept.topk(static_cast<std::int64_t>(room), 1));
  return at::ones_like(kept).scatter(1, most, 0).unsqueeze(-1).unsqueeze(-1);
}

}  // namespace

double FramesBudget::bound_at(std::int64_t t) const {
  if (options_.share >= 1) return 1;
  if (options_.found_before) return 0;
  const double share_of_run = static_cast<double>(t + 1) / static_cast<double>(iterations_);
  return std::clamp(1 - (share_of_run - kAllStay) / kFading, 0.0, 1.0);
}

void FramesBudget::clamp(at::Tensor& parameters, std::int64_t t) {
  const double bound = bound_at(t);
  if (bound >= 1) return;
  if (!left_out_.defined()) left_out_ = frames_to_leave_out(parameters, options_.share);
  parameters.clamp_max_(1 - (1 - bound) * left_out_);
}

}  // namespace fep
