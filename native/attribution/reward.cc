#include "attribution/reward.h"

#include <ATen/ATen.h>

#include <chrono>
#include <vector>

#include "model/input_gradient.h"

namespace fep {
namespace {

/// The energy of clips N×C×T×H×W and its gradient with respect to them: the model's forward and backward. The
/// autograd graph is freed when it returns.
EnergyAndGradient energy_of_clips(VideoModel& model, const at::Tensor& clips, const at::Tensor& targets,
                                  const RewardOptions& options) {
  const auto input = clips.detach().requires_grad_(true);
  const auto scores = options.kind == Reward::log_probability ? model.log_probabilities(input)
                                                              : model.output(input).to(at::kFloat);
  const auto energy = -options.weight * scores.gather(1, targets.unsqueeze(1)).squeeze(1);
  const auto gradient = input_gradient(energy.sum(), input);
  return {energy.detach(), gradient, 0};
}

/// The energy of one portion of masks, which the model takes in one pass.
EnergyAndGradient energy_of_portion(VideoModel& model, const ClipBatch& clips, const at::Tensor& mask,
                                    std::int64_t first, const at::Tensor& targets, bool flip,
                                    const RewardOptions& options) {
  const auto perturbed = clips.perturb(mask, first, options.arithmetic);

  const auto start = std::chrono::steady_clock::now();
  auto result = energy_of_clips(model, flip ? perturbed.flip(-1) : perturbed, targets, options);
  result.model_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  const auto gradient = flip ? result.gradient.flip(-1) : result.gradient;
  result.gradient = clips.perturb_backward(gradient, mask, first, options.arithmetic);
  return result;
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
    const auto some = mask.narrow(0, first, count);
    const auto theirs = targets.narrow(0, first, count);
    results.push_back(energy_of_portion(model, clips, some, first, theirs, flip, options));
  });
  return join(results);
}

}  // namespace fep
