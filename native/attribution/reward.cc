#include "attribution/reward.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <chrono>

#include "ops/perturb.h"
#include "ops/published_perturb.h"

namespace fep {

namespace {

/// The energy of clips N×C×T×H×W and its gradient with respect to them: the model's forward and backward. The
/// graph is gone when it returns.
EnergyAndGradient energy_of_clips(VideoModel& model, const at::Tensor& clips, std::int64_t target,
                                  const RewardOptions& options) {
  const auto input = clips.detach().requires_grad_(true);
  const auto scores = options.kind == Reward::log_probability ? model.log_probabilities(input)
                                                              : model.output(input).to(at::kFloat);
  const auto energy = -options.weight * scores.select(1, target);
  const auto gradient = torch::autograd::grad({energy.sum()}, {input})[0];
  return {energy.detach(), gradient, 0};
}

}  // namespace

EnergyAndGradient reward_energy(VideoModel& model, const at::Tensor& pyramid, const at::Tensor& mask,
                                std::int64_t target, std::int64_t iteration, const RewardOptions& options) {
  const bool flip = options.flip_even && iteration % 2 == 0;
  const bool fused = options.arithmetic == Arithmetic::fused;
  const auto perturbed = fused ? perturb(pyramid, mask) : published_perturb(pyramid, mask);

  const auto start = std::chrono::steady_clock::now();
  auto result = energy_of_clips(model, flip ? perturbed.flip(-1) : perturbed, target, options);
  result.model_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  const auto gradient = flip ? result.gradient.flip(-1) : result.gradient;
  result.gradient =
      fused ? perturb_backward(gradient, pyramid, mask) : published_perturb_backward(gradient, pyramid, mask);
  return result;
}

}  // namespace fep
