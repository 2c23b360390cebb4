#pragma once

#include <optional>
#include <variant>

#include "attribution/attention_rollout.h"
#include "attribution/controls.h"
#include "attribution/grad_cam.h"
#include "attribution/grad_cam_plus_plus.h"
#include "attribution/gradient_attention.h"
#include "attribution/gradients.h"
#include "attribution/input_x_gradient.h"
#include "attribution/integrated_gradients.h"
#include "attribution/rise.h"
#include "attribution/smoothgrad.h"

namespace fep {

// Methods that have no options of their own, or share another's.
struct GradientsOptions {};
struct InputXGradientOptions {};
struct GradCamOptions : CamOptions {};
struct GradCamPlusPlusOptions : CamOptions {};
struct AttentionRolloutOptions {};
struct GradientAttentionOptions {};
struct CenterOptions {};

/// A saliency method or control with its options.
using AttributionMethod =
    std::variant<GradientsOptions, InputXGradientOptions, IntegratedGradientsOptions, SmoothGradOptions,
                 GradCamOptions, GradCamPlusPlusOptions, AttentionRolloutOptions, GradientAttentionOptions,
                 RiseOptions, RandomOptions, CenterOptions>;

struct AttributionResult {
  Attribution attribution;
  at::Tensor original;  ///< Φ(X), classes
  std::int64_t target = 0;
  double seconds = 0;  ///< in the method
};

/// Runs a method on a clip C×T×H×W, normalised, on the model's device. target: a class index, or none for the
/// class that the model predicts on the clip.
/// @throws Cancelled, LayerError, NumericError when the map is not finite
AttributionResult attribute(VideoModel& model, const at::Tensor& clip, std::optional<std::int64_t> target,
                            const AttributionMethod& method, ProgressObserver& observer);

}  // namespace fep
