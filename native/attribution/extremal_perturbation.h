#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "attribution/convergence.h"
#include "attribution/descent_schedule.h"
#include "attribution/frames_budget.h"
#include "attribution/frequency_modulation.h"
#include "attribution/gradient_descent.h"
#include "attribution/gradient_recorder.h"
#include "attribution/mask_layout.h"
#include "attribution/observer.h"
#include "attribution/perturbation.h"
#include "attribution/pictures.h"
#include "attribution/regularizer.h"
#include "attribution/reward.h"
#include "model/video_model.h"

namespace fep {

/// Everything that tells EP, EP-2D, STEP and F-EP apart. lib/config holds the published presets.
struct ExtremalPerturbationOptions {
  std::vector<double> areas = {0.1};  ///< a; each clip gets a mask for each
  std::int64_t iterations = 2000;
  Schedule schedule = Schedule::published;
  std::optional<ConvergenceCriterion> until;  ///< where set, the run may end before `iterations`
  std::int64_t step = 13;                     ///< pixels between control points
  double sigma = 23;                          ///< reach of a control point, pixels
  Arithmetic arithmetic = Arithmetic::fused;
  bool area_over_frame = false;  ///< count the budget on the frame instead of the padded canvas
  RewardOptions reward;
  RegularizerOptions regularizer;
  DescentOptions descent;
  FramesBudgetOptions frames;
  Perturbation perturbation;
  std::optional<FrequencyModulation> modulation;  ///< set for F-EP
  RecordOptions record;                           ///< gradients to keep; none unless asked for
  bool replay = false;                     ///< iterations from a graph of the device; see iteration_replay.h
  std::optional<std::int64_t> memory;      ///< bytes that several masks may take; see clips_that_fit.h
  std::optional<PictureOptions> pictures;  ///< what the model saw under the masks; none unless asked for
  /// Parameters to start from, N×T×h×w in [0, 1]; none: all are 1, as published.
  std::optional<std::vector<float>> initial;
  /// The reward's energy at which a mask is enough: the run then looks for the smallest such mask of its one
  /// clip, and begins with its one area; see budget_search.h.
  std::optional<double> enough;
};

/// A class for each clip, or none for the one that the model predicts on it.
using Targets = std::vector<std::optional<std::int64_t>>;

/// The result for B clips and N masks, ordered as in mask_layout.h.
struct ExtremalPerturbationResult {
  at::Tensor masks;  ///< N×T×H×W, each as the last iteration of its group used it, before the update
  /// Of a search, which finds N masks of several sizes in place of one: the budget of each, and the iteration
  /// that used it. Else empty.
  std::vector<float> budgets;
  std::vector<std::int64_t> found_in;
  /// What the model saw as RGB bytes N×T×H×W×3, where asked for: M ⊗ X, or (1 − M) ⊗ X of masks that delete.
  at::Tensor pictures;
  at::Tensor parameters;              ///< N×T×h×w after the last update: another run may start from them
  std::vector<std::int64_t> updates;  ///< iterations of each group; all are the run's, unless `until` is set
  std::vector<Iteration> iterations;  ///< energies of every iteration
  std::vector<GradientRecord> gradients;  ///< of the iterations asked for
  at::Tensor original;                    ///< Φ(X), B×classes
  at::Tensor explained;                   ///< Φ(M ⊗ X), N×classes
  at::Tensor deleted;                     ///< Φ((1 − M) ⊗ X), N×classes, where the variant is not `preserve`
  std::vector<std::int64_t> targets;      ///< y, of each clip
  std::int64_t replayed = 0;              ///< iterations that came from a graph
  double seconds = 0;                     ///< in the loop
  /// In the loop, inside the model's forward and backward; on a GPU, which works asynchronously, only until
  /// the work is queued.
  double model_seconds = 0;
};

/// Extremal Perturbation, Eq. (1) to (3), and with `modulation` Frequency-based Extremal Perturbation, Eq.
/// (4) to (7): searches, in each of B clips, for the mask of area a that keeps the model's score for its
/// target highest. The clips, their areas and the settings of the modulation are independent of each other
/// and run side by side, which keeps a GPU busy.
///
/// clips: B×C×T×H×W, normalised, on the model's device.
/// @throws Cancelled within one iteration of the observer's request
/// @throws NumericError when an energy is not finite
ExtremalPerturbationResult extremal_perturbation(VideoModel& model, const at::Tensor& clips,
                                                 const Targets& targets,
                                                 const ExtremalPerturbationOptions& options,
                                                 Observer& observer);

}  // namespace fep
