#include "attribution/extremal_perturbation.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "attribution/budget_search.h"
#include "attribution/clips_that_fit.h"
#include "attribution/energy_log.h"
#include "attribution/finished_masks.h"
#include "attribution/iteration_replay.h"
#include "attribution/perturbed_probabilities.h"
#include "attribution/portions.h"

namespace fep {
namespace {

/// λ·R_a (and the core energy) on the canvas or on the frame; its gradient always on the canvas.
Regularization regularize_mask(const at::Tensor& canvas, const std::vector<double>& areas,
                               const MaskGenerator& generator, std::int64_t iteration,
                               const ExtremalPerturbationOptions& options) {
  if (!options.area_over_frame) return regularize(canvas, areas, iteration, options.regularizer);
  auto result = regularize(generator.frame(canvas), areas, iteration, options.regularizer);
  auto on_canvas = at::zeros_like(canvas);
  generator.frame(on_canvas).copy_(result.gradient);
  result.gradient = on_canvas;
  return result;
}

/// The canvas that an iteration uses. Where all parameters are 1, rounding decides which voxels are the
/// largest: see ops/smooth_mask/published_canvas.h.
at::Tensor mask_of(const SmoothMask& smooth, const MaskGenerator& generator, const at::Tensor& parameters,
                   bool are_all_ones) {
  if (generator.arithmetic == Arithmetic::published) return smooth.canvas.detach();
  if (!are_all_ones) return smooth.canvas;
  return generator.initial_mask(parameters.size(0), parameters.size(1), parameters.options());
}

/// The parameters that a run starts from.
at::Tensor first_parameters(const MaskGenerator& generator, std::int64_t masks, const at::Tensor& clips,
                            const std::optional<std::vector<float>>& initial) {
  const auto ones = generator.initial_parameters(masks, clips.size(2), clips.options());
  if (!initial) return ones;
  TORCH_CHECK_VALUE(static_cast<std::int64_t>(initial->size()) == ones.numel(), "a run of ", masks,
                    " masks starts from ", ones.numel(), " parameters, got ", initial->size());
  return at::tensor(*initial).view(ones.sizes()).to(ones.options());
}

Pace pace_of(std::int64_t t, const ExtremalPerturbationOptions& options) {
  return pace_at(t, options.iterations, options.schedule, options.initial.has_value());
}

/// Of F-EP's settings; none for other methods.
BandsNow bands_of(std::int64_t t, const ExtremalPerturbationOptions& options) {
  return options.modulation ? bands_at(t, options.iterations, *options.modulation) : BandsNow{};
}

IterationKind kind_at(std::int64_t t, const ExtremalPerturbationOptions& options,
                      const std::optional<BudgetSearch>& search) {
  return {t == 0,
          flips_at(t, options.reward),
          area_weight_at(t, options.regularizer),
          has_core_at(t, options.regularizer),
          pace_of(t, options),
          bands_of(t, options),
          FramesBudget(options.frames, options.iterations).bound_at(t),
          search ? search->budget() : 0};
}

void check_finite(const Iteration& iteration, const FinishedMasks& finished) {
  for (const auto* energies : {&iteration.reward, &iteration.area, &iteration.core}) {
    for (std::size_t mask = 0; mask < energies->size(); ++mask) {
      if (std::isfinite((*energies)[mask]) || finished.has_ended(static_cast<std::int64_t>(mask))) continue;
      throw NumericError("The energy is not finite in iteration " + std::to_string(iteration.number) +
                         ": the model returned NaN or infinity, or the learning rate is too high.");
    }
  }
}

/// Φ of clips, without gradients.
at::Tensor predict(VideoModel& model, const at::Tensor& clips, Portions& portions) {
  const at::NoGradGuard no_gradient;
  std::vector<at::Tensor> probabilities;
  portions.for_each(clips.size(0), [&](std::int64_t first, std::int64_t count) {
    probabilities.push_back(model.probabilities(clips.narrow(0, first, count)));
  });
  return at::cat(probabilities);
}

/// The class of each clip: the one asked for, or the most probable one.
std::vector<std::int64_t> choose_targets(const Targets& asked, const at::Tensor& original) {
  std::vector<std::int64_t> targets;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const auto clip = static_cast<std::int64_t>(i);
    targets.push_back(asked[i] ? *asked[i] : original[clip].argmax().item<std::int64_t>());
  }
  return targets;
}

MaskLayout layout_of(std::size_t clips, const ExtremalPerturbationOptions& options) {
  const auto settings = options.modulation ? options.modulation->settings.size() : 1;
  return {static_cast<std::int64_t>(clips), static_cast<std::int64_t>(options.areas.size()),
          static_cast<std::int64_t>(settings)};
}

/// The masks of a run, and what an iteration does to them.
class Masks {
 public:
  Masks(VideoModel& model, const at::Tensor& clips, const MaskLayout& layout,
        const std::vector<std::int64_t>& targets, const ExtremalPerturbationOptions& options,
        Portions& portions)
      : model_(model),
        options_(options),
        portions_(portions),
        areas_(layout.areas_of_masks(options.areas)),
        targets_(at::tensor(targets).repeat_interleave(layout.masks_of_clip()).to(clips.device())),
        clips_(clips, layout.masks_of_clip(), options.perturbation),
        generator_{clips.size(3), clips.size(4), options.step, options.sigma, options.arithmetic},
        parameters_(first_parameters(generator_, layout.masks(), clips, options.initial)),
        descent_(options.descent),
        frames_(options.frames, options.iterations),
        recorder_(options.record, generator_) {}

  /// Changes the budget of all masks.
  void set_area(double area) { std::ranges::fill(areas_, area); }

  IterationOutcome iterate(std::int64_t t) {
    const auto smooth = generator_.forward(parameters_);
    const auto canvas = mask_of(smooth, generator_, parameters_, t == 0 && !options_.initial);
    const auto mask = generator_.frame(canvas);

    // Eq. (1), as an energy to minimise, and Eq. (2): its gradient with respect to M.
    const auto reward = reward_energy(model_, clips_, mask, targets_, t, options_.reward, portions_);
    const auto regularization = regularize_mask(canvas, areas_, generator_, t, options_);
    const MaskGradients gradients{reward.gradient, regularization.gradient};
    if (recorder_.wants(t)) recorder_.keep_parts(t, parameters_, smooth, mask, gradients);

    // Eq. (3); with modulation, Eq. (6) and (7).
    const auto pace = pace_of(t, options_);
    descent_.step(parameters_, gradient_of(gradients, smooth, t, pace), pace.rate);
    frames_.clamp(parameters_, t);
    return {mask, at::stack({reward.energy, regularization.area, regularization.core}), reward.model_seconds};
  }

  /// Φ(M ⊗ X) of the run's masks N×T×H×W, or of all that a search found on its one clip.
  at::Tensor probabilities(const at::Tensor& masks) {
    return of_masks(masks, [&](const at::Tensor& some) {
      return perturbed_probabilities(model_, clips_, some, portions_, NeverStopped());
    });
  }

  /// M ⊗ X of the same as RGB bytes.
  at::Tensor pictures(const at::Tensor& masks, const PictureOptions& options) {
    return of_masks(
        masks, [&](const at::Tensor& some) { return perturbed_pictures(clips_, some, portions_, options); });
  }

  const at::Tensor& parameters() const { return parameters_; }
  const GradientRecorder& recorder() const { return recorder_; }

 private:
  /// Applies an operation to the run's masks, or to one after the other of those that a search found.
  template <typename Operation>
  at::Tensor of_masks(const at::Tensor& masks, const Operation& operation) const {
    if (!options_.enough) return operation(masks);
    std::vector<at::Tensor> results;
    for (const auto& mask : masks.split(1)) results.push_back(operation(mask));
    return at::cat(results);
  }

  /// What the descent follows in an iteration: ∇M on the parameters, modulated and limited.
  at::Tensor gradient_of(const MaskGradients& gradients, const SmoothMask& smooth, std::int64_t t,
                         const Pace& pace) {
    if (pace.limit && pace.limit->area_spared) {
      // Modulation is linear: parts of the gradient can be modulated apart.
      const auto& [on_frame, on_canvas] = gradients;
      if (recorder_.wants(t)) {
        const MaskGradients whole{on_frame, on_canvas.clone()};
        recorder_.keep_applied(on_parameters(whole, smooth, t), whole);
      }
      const auto reward = on_parameters({on_frame, at::zeros_like(on_canvas)}, smooth, t);
      const auto area = on_parameters({at::zeros_like(on_frame), on_canvas}, smooth, t);
      return limited_apart(reward, area, largest(pace), *pace.limit->area_spared);
    }
    const auto gradient = on_parameters(gradients, smooth, t);
    if (recorder_.wants(t)) recorder_.keep_applied(gradient, gradients);
    return pace.limit ? limited(gradient, largest(pace)) : gradient;
  }

  at::Tensor on_parameters(const MaskGradients& gradients, const SmoothMask& smooth, std::int64_t t) const {
    const auto& modulation = options_.modulation;
    if (!modulation) return parameter_gradient(gradients, smooth, generator_);
    return modulated_parameter_gradient(gradients, smooth, generator_, *modulation, bands_of(t, options_));
  }

  /// The largest gradient that moves a parameter no farther than the pace's limit.
  double largest(const Pace& pace) const {
    return pace.limit->longest / (pace.rate * options_.descent.learning_rate);
  }

  VideoModel& model_;
  const ExtremalPerturbationOptions& options_;
  Portions& portions_;
  std::vector<double> areas_;  ///< of each mask
  at::Tensor targets_;         ///< the same
  ClipBatch clips_;
  MaskGenerator generator_;
  at::Tensor parameters_;
  GradientDescent descent_;
  FramesBudget frames_;
  GradientRecorder recorder_;
};

/// The frame's share of what the budgets of clips B×C×T×H×W count.
double frame_share(const at::Tensor& clips, const ExtremalPerturbationOptions& options) {
  if (options.area_over_frame) return 1;
  const auto share = [&](std::int64_t axis) {
    const auto pixels = clips.size(axis);
    const auto canvas = mask_axis(pixels, options.step, options.sigma).canvas;
    return static_cast<double>(pixels) / static_cast<double>(canvas);
  };
  return share(3) * share(4);
}

/// The search that a run's options ask for.
std::optional<BudgetSearch> search_of(const at::Tensor& clips, const ExtremalPerturbationOptions& options,
                                      std::int64_t masks) {
  if (!options.enough) return std::nullopt;
  TORCH_CHECK_VALUE(masks == 1,
                    "a search for the smallest mask is of one clip, one area and one setting, got ", masks,
                    " masks");
  return BudgetSearch(*options.enough, options.areas.front(), options.frames.share,
                      frame_share(clips, options));
}

/// The masks that a search has found, in place of the run's last one.
void take_found(const std::vector<BudgetSearch::Visited>& found, ExtremalPerturbationResult& result) {
  std::vector<at::Tensor> masks;
  for (const auto& one : found) {
    masks.push_back(one.mask);
    result.budgets.push_back(static_cast<float>(one.budget));
    result.found_in.push_back(one.iteration);
  }
  result.masks = at::stack(masks);
}

/// What the model makes of the masks that were found, and what it sees under them.
void try_masks(Masks& masks, const ExtremalPerturbationOptions& options, ExtremalPerturbationResult& result) {
  const auto variant = options.reward.variant;
  result.explained = masks.probabilities(result.masks);
  if (variant != Variant::preserve) result.deleted = masks.probabilities(1 - result.masks);
  if (!options.pictures) return;
  const auto seen = variant == Variant::deletion ? 1 - result.masks : result.masks;
  result.pictures = masks.pictures(seen, *options.pictures);
}

}  // namespace

ExtremalPerturbationResult extremal_perturbation(VideoModel& model, const at::Tensor& clips,
                                                 const Targets& targets,
                                                 const ExtremalPerturbationOptions& options,
                                                 Observer& observer) {
  const auto layout = layout_of(targets.size(), options);
  Portions portions(clips_that_fit(model, clips[0], layout.masks(), options.memory));
  ExtremalPerturbationResult result;
  result.original = predict(model, clips, portions);
  result.targets = choose_targets(targets, result.original);
  Masks masks(model, clips, layout, result.targets, options, portions);
  EnergyLog energies(options.iterations, clips.device());
  FinishedMasks finished(layout, options.until);
  IterationReplay replay(options.replay, clips.device());
  auto search = search_of(clips, options, layout.masks());

  const auto start = std::chrono::steady_clock::now();
  for (std::int64_t t = 0; t < options.iterations && !finished.have_all_settled(); ++t) {
    if (observer.cancelled()) throw Cancelled();
    if (search) masks.set_area(search->budget());
    const auto iterate = [&masks, t] { return masks.iterate(t); };
    const auto outcome =
        masks.recorder().wants(t) ? iterate() : replay.run(kind_at(t, options, search), iterate, portions);
    if (search) search->see(outcome.mask, outcome.energies[0][0].item<double>());
    result.model_seconds += outcome.model_seconds;
    energies.add(outcome.energies);
    const bool is_last = t + 1 == options.iterations;
    for (const auto& iteration : energies.read()) {
      check_finite(iteration, finished);
      result.iterations.push_back(iteration);
      finished.find_settled(result.iterations);
      if (is_last || finished.have_all_settled()) result.iterations.back().of = t + 1;
      observer.on_iteration(result.iterations.back(), outcome.mask);
    }
    finished.keep(outcome.mask, t + 1, is_last);
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  result.masks = finished.masks();
  if (search) take_found(search->found(), result);
  result.parameters = masks.parameters();
  result.updates = finished.updates();
  result.replayed = replay.replayed();
  result.gradients = masks.recorder().records();
  try_masks(masks, options, result);
  return result;
}

}  // namespace fep
