#include "attribution/reward.h"

#include <ATen/ATen.h>

#include <chrono>
#include <vector>

#include "model/input_gradient.h"

namespace fep {
namespace {

/// Whether the model is to keep the class on what it sees, or to lose it.
enum class Wish { keep, lose };

/// What the energy of a wish falls with, N×classes: log Φ or log(1 − Φ), or the raw output or its negative.
at::Tensor scores_of(VideoModel& model, const at::Tensor& clips, Wish wish, Reward kind) {
  if (kind == Reward::log_probability) {
    return wish == Wish::keep ? model.log_probabilities(clips) : model.log_complements(clips);
  }
  const auto output = model.output(clips).to(at::kFloat);
  return wish == Wish::keep ? output : -output;
}

/// The energy of clips N×C×T×H×W and its gradient with respect to them: the model's forward and backward. The
/// autograd graph is freed when it returns.
EnergyAndGradient energy_of_clips(VideoModel& model, const at::Tensor& clips, const at::Tensor& targets,
                                  Wish wish, const RewardOptions& options) {
  const auto input = clips.detach().requires_grad_(true);
  const auto scores = scores_of(model, input, wish, options.kind);
  const auto energy = -options.weight * scores.gather(1, targets.unsqueeze(1)).squeeze(1);
  const auto gradient = input_gradient(energy.sum(), input);
  return {energy.detach(), gradient, 0};
}

/// One portion of masks, which the model takes in one pass.
struct Portion {
  at::Tensor mask;  ///< n×T×H×W
  std::int64_t first;
  at::Tensor targets;
  bool flip;
};

/// The energy of what the masks let through, and its gradient with respect to them.
EnergyAndGradient energy_under(const at::Tensor& mask, VideoModel& model, const ClipBatch& clips,
                               const Portion& portion, Wish wish, const RewardOptions& options) {
  const auto& [_, first, targets, flip] = portion;
  const auto perturbed = clips.perturb(mask, first, options.arithmetic);

  const auto start = std::chrono::steady_clock::now();
  auto result = energy_of_clips(model, flip ? perturbed.flip(-1) : perturbed, targets, wish, options);
  result.model_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  const auto gradient = flip ? result.gradient.flip(-1) : result.gradient;
  result.gradient = clips.perturb_backward(gradient, mask, first, options.arithmetic);
  return result;
}

EnergyAndGradient sum_of(const EnergyAndGradient& one, const EnergyAndGradient& other) {
  return {one.energy + other.energy, one.gradient + other.gradient, one.model_seconds + other.model_seconds};
}

EnergyAndGradient energy_of_portion(VideoModel& model, const ClipBatch& clips, const Portion& portion,
                                    const RewardOptions& options) {
  const auto kept = [&] { return energy_under(portion.mask, model, clips, portion, Wish::keep, options); };
  const auto lost = [&] {
    auto result = energy_under(1 - portion.mask, model, clips, portion, Wish::lose, options);
    result.gradient.neg_();
    return result;
  };
  if (options.variant == Variant::preserve) return kept();
  return options.variant == Variant::deletion ? lost() : sum_of(kept(), lost());
}

EnergyAndGradient join(const std::vector<EnergyAndGradient>& portions) {
  if (portions.size() == 1) return portions.front();
  std::vector<at::Tensor> energies, gradients;
  double model_seconds = 0;
  for (const auto& portion : portions) {
    energies.push_back(portion.energy);
    gradients.push_back(portion.gradient);
    model_seconds += portion.model_seconds;
  }
  return {at::cat(energies), at::cat(gradients), model_seconds};
}

}  // namespace

EnergyAndGradient reward_energy(VideoModel& model, const ClipBatch& clips, const at::Tensor& mask,
                                const at::Tensor& targets, std::int64_t iteration,
                                const RewardOptions& options, Portions& portions) {
  const bool flip = flips_at(iteration, options);
  std::vector<EnergyAndGradient> results;
  portions.for_each(mask.size(0), [&](std::int64_t first, std::int64_t count) {
    const Portion portion{mask.narrow(0, first, count), first, targets.narrow(0, first, count), flip};
    results.push_back(energy_of_portion(model, clips, portion, options));
  });
  return join(results);
}

}  // namespace fep
