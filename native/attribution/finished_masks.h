#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "attribution/convergence.h"
#include "attribution/mask_layout.h"

namespace fep {

/// A run's masks, each as it was when its group ended: where `until` is set, once all masks of the group had
/// settled, else with the run. So a group ends in the same iteration whatever runs beside it.
class FinishedMasks {
 public:
  FinishedMasks(const MaskLayout& layout, const std::optional<ConvergenceCriterion>& until)
      : layout_(layout), until_(until), updates_(static_cast<std::size_t>(layout.groups())) {}

  /// Finds the groups that have settled, judged by the energies of all iterations so far.
  void find_settled(const std::vector<Iteration>& iterations);

  /// Whether a mask's group has ended: what becomes of the mask later is not used.
  bool has_ended(std::int64_t mask) const {
    return updates_[static_cast<std::size_t>(layout_.group_of_mask(mask))] > 0;
  }

  /// Whether all groups have settled.
  bool have_all_settled() const;

  /// Keeps, of the masks N×T×H×W, those of the groups that have settled since the last call; in the run's
  /// last iteration, those of all groups that are left.
  void keep(const at::Tensor& masks, std::int64_t iterations, bool is_last);

  /// N×T×H×W.
  const at::Tensor& masks() const { return masks_; }

  /// Iterations of each group until it ended.
  const std::vector<std::int64_t>& updates() const { return updates_; }

 private:
  bool all_converged(std::int64_t group, const std::vector<Iteration>& iterations) const;
  bool has_settled(std::int64_t group) const;

  MaskLayout layout_;
  std::optional<ConvergenceCriterion> until_;
  std::vector<std::int64_t> settled_;  ///< groups whose masks are still to be kept
  std::vector<std::int64_t> updates_;  ///< 0 for a group whose masks have not been kept
  at::Tensor masks_;
};

}  // namespace fep
