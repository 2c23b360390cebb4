#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "attribution/convergence.h"
#include "attribution/mask_layout.h"

namespace fep {

/// A run's masks as they are when their parts end: once all masks of a part have settled, if that is what the
/// run goes by, else with the run. So a part ends alike whatever it runs beside.
class FinishedMasks {
 public:
  FinishedMasks(const MaskLayout& layout, const std::optional<ConvergenceCriterion>& until)
      : layout_(layout), until_(until), updates_(static_cast<std::size_t>(layout.parts())) {}

  /// Looks which parts have settled, by the energies of all iterations so far.
  void look(const std::vector<Iteration>& iterations);

  /// Whether a mask is of a part that has ended before: what it comes to now is nobody's.
  bool has_ended(std::int64_t mask) const {
    return updates_[static_cast<std::size_t>(layout_.part_of_mask(mask))] > 0;
  }

  /// Whether all parts have settled.
  bool are_all() const;

  /// Takes the masks N×T×H×W of the parts that have settled since the last time or, where this is the run's
  /// last iteration, of all that are left.
  void take(const at::Tensor& masks, std::int64_t iterations, bool is_last);

  /// N×T×H×W.
  const at::Tensor& masks() const { return masks_; }

  /// Iterations of each part until it ended.
  const std::vector<std::int64_t>& updates() const { return updates_; }

 private:
  bool have_settled(std::int64_t part, const std::vector<Iteration>& iterations) const;
  bool is_found(std::int64_t part) const;

  MaskLayout layout_;
  std::optional<ConvergenceCriterion> until_;
  std::vector<std::int64_t> settled_;  ///< parts whose masks are still to be taken
  std::vector<std::int64_t> updates_;  ///< 0 for a part whose masks have not been taken
  at::Tensor masks_;
};

}  // namespace fep
