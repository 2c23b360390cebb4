#include "attribution/reward.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <chrono>

#include "ops/perturb.h"

namespace fep {

EnergyAndGradient reward_energy(VideoModel& model, const at::Tensor& pyramid, const at::Tensor& mask,
                                std::int64_t target, std::int64_t iteration, const RewardOptions& options) {
  const bool flip = options.flip_even && iteration % 2 == 0;
  const auto perturbed = perturb(pyramid, mask);
  const auto input = (flip ? perturbed.flip(-1) : perturbed).requires_grad_(true);

  const auto start = std::chrono::steady_clock::now();
  const auto scores = options.kind == Reward::log_probability ? model.log_probabilities(input)
                                                              : model.output(input).to(at::kFloat);
  const auto energy = -options.weight * scores.select(1, target);
  auto gradient = torch::autograd::grad({energy.sum()}, {input})[0];
  const std::chrono::duration<double> model_time = std::chrono::steady_clock::now() - start;

  if (flip) gradient = gradient.flip(-1);
  return {energy.detach(), perturb_backward(gradient, pyramid, mask), model_time.count()};
}

}  // namespace fep
