#include "attribution/finished_masks.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstddef>

namespace fep {

bool FinishedMasks::all_converged(std::int64_t group, const std::vector<Iteration>& iterations) const {
  return std::ranges::all_of(layout_.masks_of_group(group), [&](std::int64_t mask) {
    return has_converged(iterations, static_cast<std::size_t>(mask), *until_);
  });
}

bool FinishedMasks::has_settled(std::int64_t group) const {
  return updates_[static_cast<std::size_t>(group)] > 0 ||
         std::ranges::find(settled_, group) != settled_.end();
}

void FinishedMasks::find_settled(const std::vector<Iteration>& iterations) {
  if (!until_) return;
  for (std::int64_t group = 0; group < layout_.groups(); ++group) {
    if (!has_settled(group) && all_converged(group, iterations)) settled_.push_back(group);
  }
}

bool FinishedMasks::have_all_settled() const {
  for (std::int64_t group = 0; group < layout_.groups(); ++group) {
    if (!has_settled(group)) return false;
  }
  return true;
}

void FinishedMasks::keep(const at::Tensor& masks, std::int64_t iterations, bool is_last) {
  if (settled_.empty() && !is_last) return;
  if (!masks_.defined()) masks_ = at::empty_like(masks, at::MemoryFormat::Contiguous);
  for (std::int64_t group = 0; group < layout_.groups(); ++group) {
    auto& updates = updates_[static_cast<std::size_t>(group)];
    if (updates > 0 || !(is_last || has_settled(group))) continue;
    updates = iterations;
    for (const auto mask : layout_.masks_of_group(group)) masks_[mask].copy_(masks[mask]);
  }
  settled_.clear();
}

}  // namespace fep
