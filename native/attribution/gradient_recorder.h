#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "attribution/frequency_modulation.h"

namespace fep {

/// Which iterations' gradients a run records, and on which domain.
struct RecordOptions {
  std::vector<std::int64_t> iterations;  ///< 0-based, ascending; none: nothing is recorded, at no cost
  /// `mask` needs a run that modulates there or not at all: one that modulates on the parameters has no
  /// modulated gradient on the pixels.
  FrequencyModulation::Domain domain = FrequencyModulation::Domain::parameters;
};

/// ∇M of one iteration, all N×T×H×W, of the grid of parameters or of the frame. The gradients are of the
/// energy to minimise: M moves against them.
struct GradientRecord {
  std::int64_t iteration = 0;
  at::Tensor mask;            ///< M before the update: the parameters, or the mask on the frame
  at::Tensor reward;          ///< the model's part of ∇M, Eq. (2)
  at::Tensor regularization;  ///< the rest of it: of the area, and of the core in STEP
  at::Tensor applied;         ///< ∇M̃ of Eq. (6); without modulation the sum of both parts
};

/// Records the gradients of chosen iterations.
class GradientRecorder {
 public:
  GradientRecorder(const RecordOptions& options, const MaskGenerator& generator)
      : options_(options), generator_(generator) {}

  bool wants(std::int64_t iteration) const;

  /// Call it before the update's gradient is computed, which overwrites the parts.
  void keep_parts(std::int64_t iteration, const at::Tensor& parameters, const SmoothMask& smooth,
                  const at::Tensor& mask, const MaskGradients& gradients);

  /// Call it after that: `applied` is on the parameters, `used` is what it was computed from.
  void keep_applied(const at::Tensor& applied, const MaskGradients& used);

  const std::vector<GradientRecord>& records() const { return records_; }

 private:
  const RecordOptions& options_;
  const MaskGenerator& generator_;
  std::vector<GradientRecord> records_;
};

}  // namespace fep
