#include "attribution/perturbation.h"

#include <ATen/ATen.h>

#include "ops/perturb.h"

namespace fep {

at::Tensor perturbation_pyramid(const at::Tensor& clip, const Perturbation& perturbation) {
  if (perturbation.kind == Perturbation::Kind::blur) {
    return blur_pyramid(clip, perturbation.levels, perturbation.max_sigma);
  }
  const auto colour = at::tensor(at::ArrayRef<double>(perturbation.colour), clip.options());
  return at::stack({colour.view({-1, 1, 1, 1}).expand_as(clip), clip});
}

}  // namespace fep
