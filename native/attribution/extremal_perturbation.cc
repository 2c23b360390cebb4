#include "attribution/extremal_perturbation.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <chrono>
#include <cmath>
#include <string>

#include "attribution/clips_that_fit.h"
#include "attribution/energy_log.h"
#include "attribution/perturbed_probabilities.h"
#include "attribution/portions.h"
#include "ops/perturb.h"

namespace fep {
namespace {

/// λ·R_a (and the core energy) on the canvas or on the frame; its gradient always on the canvas.
Regularization regularize_mask(const at::Tensor& canvas, const MaskGenerator& generator,
                               std::int64_t iteration, const ExtremalPerturbationOptions& options) {
  if (!options.area_over_frame) return regularize(canvas, options.areas, iteration, options.regularizer);
  auto result = regularize(generator.frame(canvas), options.areas, iteration, options.regularizer);
  auto on_canvas = at::zeros_like(canvas);
  generator.frame(on_canvas).copy_(result.gradient);
  result.gradient = on_canvas;
  return result;
}

/// The canvas that iteration t uses: on the first one rounding decides which voxels are the largest; see
/// ops/published_canvas.h.
at::Tensor mask_of(const SmoothMask& smooth, const MaskGenerator& generator, const at::Tensor& parameters,
                   std::int64_t t) {
  if (generator.arithmetic == Arithmetic::published) return smooth.canvas.detach();
  if (t > 0) return smooth.canvas;
  return generator.initial_mask(parameters.size(0), parameters.size(1), parameters.options());
}

void check_finite(const Iteration& iteration) {
  for (const auto* energies : {&iteration.reward, &iteration.area, &iteration.core}) {
    for (const float energy : *energies) {
      if (std::isfinite(energy)) continue;
      throw NumericError("The energy is not finite in iteration " + std::to_string(iteration.number) +
                         ": the model returned NaN or infinity, or the learning rate is too high.");
    }
  }
}

/// Φ without gradients.
at::Tensor predict(VideoModel& model, const at::Tensor& clips) {
  const at::NoGradGuard no_gradient;
  return model.probabilities(clips);
}

}  // namespace

ExtremalPerturbationResult extremal_perturbation(VideoModel& model, const at::Tensor& clip,
                                                 std::optional<std::int64_t> target,
                                                 const ExtremalPerturbationOptions& options,
                                                 Observer& observer) {
  ExtremalPerturbationResult result;
  result.original = predict(model, clip.unsqueeze(0))[0];
  result.target = target.value_or(result.original.argmax().item<std::int64_t>());

  const MaskGenerator generator{clip.size(2), clip.size(3), options.step, options.sigma, options.arithmetic};
  const auto pyramid = perturbation_pyramid(clip, options.perturbation);
  const auto masks = static_cast<std::int64_t>(options.areas.size()), frames = clip.size(1);
  auto parameters = generator.initial_parameters(masks, frames, clip.options());
  Portions portions(clips_that_fit(model, clip, masks, options.memory));
  GradientDescent descent(options.descent);
  GradientRecorder recorder(options.record, generator);
  EnergyLog energies(options.iterations, clip.device());
  const auto start = std::chrono::steady_clock::now();

  for (std::int64_t t = 0; t < options.iterations; ++t) {
    if (observer.cancelled()) throw Cancelled();
    const auto smooth = generator.forward(parameters);
    const auto canvas = mask_of(smooth, generator, parameters, t);
    const auto mask = generator.frame(canvas);

    // Eq. (1), as an energy to minimise, and Eq. (2): its gradient with respect to M.
    const auto reward = reward_energy(model, pyramid, mask, result.target, t, options.reward, portions);
    const auto regularization = regularize_mask(canvas, generator, t, options);
    const MaskGradients gradients{reward.gradient, regularization.gradient};
    if (recorder.wants(t)) recorder.keep_parts(t, parameters, smooth, mask, gradients);

    // Eq. (3); with modulation, Eq. (6) and (7).
    const auto gradient =
        options.modulation ? modulated_parameter_gradient(gradients, smooth, generator, *options.modulation)
                           : parameter_gradient(gradients, smooth, generator);
    if (recorder.wants(t)) recorder.keep_applied(gradient, gradients);
    descent.step(parameters, gradient);

    result.model_seconds += reward.model_seconds;
    energies.add(reward.energy, regularization.area, regularization.core);
    bool is_last = t + 1 == options.iterations;
    for (const auto& iteration : energies.read()) {
      check_finite(iteration);
      result.iterations.push_back(iteration);
      is_last = is_last || (options.until && has_converged(result.iterations, *options.until));
      if (is_last) result.iterations.back().of = t + 1;
      observer.on_iteration(result.iterations.back(), mask);
    }
    if (!is_last) continue;
    result.masks = mask.contiguous();
    break;
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.gradients = recorder.records();
  result.explained = perturbed_probabilities(model, pyramid, result.masks, portions, NeverStopped());
  return result;
}

}  // namespace fep
