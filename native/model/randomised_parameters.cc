#include "model/randomised_parameters.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <cmath>
#include <vector>

namespace fep {

void randomise_parameters(const torch::jit::Module& module, const Randomisation& randomisation) {
  const at::NoGradGuard no_gradient;
  std::vector<at::Tensor> parameters;
  for (const auto& parameter : module.parameters()) parameters.push_back(parameter);
  const auto generator = at::detail::createCPUGenerator(randomisation.seed);
  const auto count =
      static_cast<std::size_t>(std::ceil(randomisation.share * static_cast<double>(parameters.size())));
  // Drawn from the output's side on, so that a larger share randomises the tensors of a smaller one alike.
  for (std::size_t i = 0; i < count; ++i) {
    auto& parameter = parameters[parameters.size() - 1 - i];
    const auto order = at::randperm(parameter.numel(), generator).to(parameter.device());
    parameter.copy_(parameter.flatten().index_select(0, order).view_as(parameter));
  }
}

}  // namespace fep
