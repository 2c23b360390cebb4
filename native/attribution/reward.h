#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "attribution/clip_batch.h"
#include "attribution/portions.h"
#include "common/enum_names.h"
#include "model/video_model.h"
#include "ops/common/arithmetic.h"

namespace fep {

/// What the mask is rewarded for.
enum class Reward {
  log_probability,  ///< log Φ_y, as in the published video implementations
  activation,       ///< the model's raw output y, as Extremal Perturbations does for images
};
template <>
inline constexpr auto kNames<Reward> = std::to_array<Named<Reward>>(
    {{"log-probability", Reward::log_probability}, {"activation", Reward::activation}});

/// What a mask answers: the variants of Extremal Perturbations (Fong, Patrick & Vedaldi, 2019).
enum class Variant {
  preserve,  ///< what is enough: the score is kept on M ⊗ X
  deletion,  ///< what is needed: the score is lost on (1 − M) ⊗ X
  dual,      ///< both at once
};
template <>
inline constexpr auto kNames<Variant> = std::to_array<Named<Variant>>(
    {{"preserve", Variant::preserve}, {"delete", Variant::deletion}, {"dual", Variant::dual}});

struct RewardOptions {
  Reward kind = Reward::log_probability;
  Variant variant = Variant::preserve;
  double weight = 100;  ///< w_r
  Arithmetic arithmetic = Arithmetic::fused;
  bool flip_even = false;  ///< mirror the clip left to right in iterations 0, 2, 4, … (jitter)
};

/// Whether an iteration sees the clip mirrored.
inline bool flips_at(std::int64_t iteration, const RewardOptions& options) {
  return options.flip_even && iteration % 2 == 0;
}

/// An energy for each of N masks, and its gradient with respect to them.
struct EnergyAndGradient {
  at::Tensor energy;         ///< N
  at::Tensor gradient;       ///< N×T×H×W
  double model_seconds = 0;  ///< spent in the model's forward and backward
};

/// The model's part of Eq. (1) and (2), as an energy to minimise, and ∂/∂M of it: −w_r·log Φ_y(M ⊗ X), or
/// −w_r times the raw output. To delete, −w_r·log(1 − Φ_y((1 − M) ⊗ X)), or w_r times the raw output there;
/// `dual` is the sum of the two.
///
/// mask: N×T×H×W, of the batch's clips, of which the model sees a portion at a time; targets: y of each of
/// them, N whole numbers on the model's device.
EnergyAndGradient reward_energy(VideoModel& model, const ClipBatch& clips, const at::Tensor& mask,
                                const at::Tensor& targets, std::int64_t iteration,
                                const RewardOptions& options, Portions& portions);

}  // namespace fep
