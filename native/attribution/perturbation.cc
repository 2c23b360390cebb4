#include "attribution/perturbation.h"

#include <ATen/ATen.h>

#include "ops/perturb/perturb.h"

namespace fep {
namespace {

at::Tensor make_pyramid(const at::Tensor& clip, const Perturbation& perturbation) {
  if (perturbation.kind == Perturbation::Kind::blur) {
    return blur_pyramid(clip, perturbation.levels, perturbation.max_sigma);
  }
  const auto colour = at::tensor(at::ArrayRef<double>(perturbation.colour), clip.options());
  return at::stack({colour.view({-1, 1, 1, 1}).expand_as(clip), clip});
}

struct Kept {
  at::Tensor clip;
  Perturbation perturbation;
  at::Tensor pyramid;

  bool is_of(const at::Tensor& other, const Perturbation& wanted) const {
    return pyramid.defined() && perturbation == wanted && clip.device() == other.device() &&
           clip.dtype() == other.dtype() && at::equal(clip, other);
  }
};

thread_local Kept last;

}  // namespace

void forget_perturbation_pyramid() {
  last = {};
}

at::Tensor perturbation_pyramid(const at::Tensor& clip, const Perturbation& perturbation) {
  if (!last.is_of(clip, perturbation)) last = {clip.clone(), perturbation, make_pyramid(clip, perturbation)};
  return last.pyramid;
}

}  // namespace fep
