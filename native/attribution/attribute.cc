#include "attribution/attribute.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "attribution/stopwatch.h"

namespace fep {
namespace {

/// Calls the function that belongs to a method's options.
struct Runner {
  VideoModel& model;
  const at::Tensor& clip;
  std::int64_t target;
  ProgressObserver& observer;

  Attribution operator()(const GradientsOptions&) const { return gradients(model, clip, target); }
  Attribution operator()(const InputXGradientOptions&) const { return input_x_gradient(model, clip, target); }
  Attribution operator()(const IntegratedGradientsOptions& options) const {
    return integrated_gradients(model, clip, target, options, observer);
  }
  Attribution operator()(const SmoothGradOptions& options) const {
    return smoothgrad(model, clip, target, options, observer);
  }
  Attribution operator()(const GradCamOptions& options) const {
    return grad_cam(model, clip, target, options);
  }
  Attribution operator()(const GradCamPlusPlusOptions& options) const {
    return grad_cam_plus_plus(model, clip, target, options);
  }
  Attribution operator()(const AttentionRolloutOptions&) const {
    return attention_rollout(model, clip, target);
  }
  Attribution operator()(const GradientAttentionOptions&) const {
    return gradient_attention(model, clip, target);
  }
  Attribution operator()(const RiseOptions& options) const {
    return rise(model, clip, target, options, observer);
  }
  Attribution operator()(const RandomOptions& options) const { return random_control(clip, options); }
  Attribution operator()(const CenterOptions&) const { return center_control(clip); }
};

at::Tensor predict(VideoModel& model, const at::Tensor& clip) {
  const at::NoGradGuard no_gradient;
  return model.probabilities(clip.unsqueeze(0))[0];
}

}  // namespace

AttributionResult attribute(VideoModel& model, const at::Tensor& clip, std::optional<std::int64_t> target,
                            const AttributionMethod& method, ProgressObserver& observer) {
  AttributionResult result;
  result.original = predict(model, clip);
  result.target = target.value_or(result.original.argmax().item<std::int64_t>());
  {
    const Stopwatch watch(result.seconds);
    result.attribution = std::visit(Runner{model, clip, result.target, observer}, method);
  }
  if (!at::isfinite(result.attribution.map).all().item<bool>()) {
    throw NumericError("The attribution is not finite: the model returned NaN or infinity.");
  }
  return result;
}

}  // namespace fep
