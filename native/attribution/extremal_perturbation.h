#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "attribution/convergence.h"
#include "attribution/frequency_modulation.h"
#include "attribution/gradient_descent.h"
#include "attribution/gradient_recorder.h"
#include "attribution/observer.h"
#include "attribution/perturbation.h"
#include "attribution/regularizer.h"
#include "attribution/reward.h"
#include "model/video_model.h"

namespace fep {

/// Everything that tells EP, EP-2D, STEP and F-EP apart. lib/config holds the published presets.
struct ExtremalPerturbationOptions {
  std::vector<double> areas = {0.1};  ///< a, one mask for each
  std::int64_t iterations = 2000;
  std::optional<ConvergenceCriterion> until;  ///< where set, the run may end before `iterations`
  std::int64_t step = 13;                     ///< pixels between control points
  double sigma = 23;                          ///< reach of a control point, pixels
  Arithmetic arithmetic = Arithmetic::fused;
  bool area_over_frame = false;  ///< count the budget on the frame instead of the padded canvas
  RewardOptions reward;
  RegularizerOptions regularizer;
  DescentOptions descent;
  Perturbation perturbation;
  std::optional<FrequencyModulation> modulation;  ///< set for F-EP
  RecordOptions record;                           ///< gradients to keep; none unless asked for
  std::optional<std::int64_t> memory;             ///< bytes that several areas may take; see clips_that_fit.h
};

struct ExtremalPerturbationResult {
  at::Tensor masks;                   ///< N×T×H×W, the masks used in the last iteration, before its update
  std::vector<Iteration> iterations;  ///< energies of every iteration
  std::vector<GradientRecord> gradients;  ///< of the iterations asked for
  at::Tensor original;                    ///< Φ(X), classes
  at::Tensor explained;                   ///< Φ(M ⊗ X), N×classes
  std::int64_t target = 0;
  double seconds = 0;  ///< in the loop
  /// In the loop, inside the model's forward and backward; on a GPU, which works on its own, only until the
  /// work is handed over.
  double model_seconds = 0;
};

/// Extremal Perturbation, Eq. (1) to (3), and with `modulation` Frequency-based Extremal Perturbation, Eq.
/// (4) to (7): looks for the mask of area a that keeps the model's score for `target` highest.
///
/// clip: C×T×H×W, normalised, on the model's device. target: a class index, or none for the class that the
/// model predicts on the clip.
/// @throws Cancelled within one iteration of the observer's asking
/// @throws NumericError when an energy is not finite
ExtremalPerturbationResult extremal_perturbation(VideoModel& model, const at::Tensor& clip,
                                                 std::optional<std::int64_t> target,
                                                 const ExtremalPerturbationOptions& options,
                                                 Observer& observer);

}  // namespace fep
