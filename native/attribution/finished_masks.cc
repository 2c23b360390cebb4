#include "attribution/finished_masks.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstddef>

namespace fep {

bool FinishedMasks::have_settled(std::int64_t part, const std::vector<Iteration>& iterations) const {
  return std::ranges::all_of(layout_.masks_of_part(part), [&](std::int64_t mask) {
    return has_converged(iterations, static_cast<std::size_t>(mask), *until_);
  });
}

bool FinishedMasks::is_found(std::int64_t part) const {
  return updates_[static_cast<std::size_t>(part)] > 0 || std::ranges::find(settled_, part) != settled_.end();
}

void FinishedMasks::look(const std::vector<Iteration>& iterations) {
  if (!until_) return;
  for (std::int64_t part = 0; part < layout_.parts(); ++part) {
    if (!is_found(part) && have_settled(part, iterations)) settled_.push_back(part);
  }
}

bool FinishedMasks::are_all() const {
  for (std::int64_t part = 0; part < layout_.parts(); ++part) {
    if (!is_found(part)) return false;
  }
  return true;
}

void FinishedMasks::take(const at::Tensor& masks, std::int64_t iterations, bool is_last) {
  if (settled_.empty() && !is_last) return;
  if (!masks_.defined()) masks_ = at::empty_like(masks, at::MemoryFormat::Contiguous);
  for (std::int64_t part = 0; part < layout_.parts(); ++part) {
    auto& updates = updates_[static_cast<std::size_t>(part)];
    if (updates > 0 || !(is_last || is_found(part))) continue;
    updates = iterations;
    for (const auto mask : layout_.masks_of_part(part)) masks_[mask].copy_(masks[mask]);
  }
  settled_.clear();
}

}  // namespace fep
