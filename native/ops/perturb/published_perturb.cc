#include "ops/perturb/published_perturb.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <vector>

namespace fep {
namespace {

/// One mask, T×H×W, and its two neighbouring levels: (1 − w)·lower + w·upper, C×T×H×W.
at::Tensor blend(const at::Tensor& pyramid, const at::Tensor& mask) {
  const auto top = pyramid.size(0) - 1;
  const auto height = mask.unsqueeze(0) * top;
  const auto floor = height.detach().floor();
  const auto upper_weight = height - floor;
  const auto index = floor.to(at::kLong).unsqueeze(0).expand({1, pyramid.size(1), -1, -1, -1});
  const auto lower = at::gather(pyramid, 0, index)[0];
  const auto upper = at::gather(pyramid, 0, (index + 1).clamp_max(top))[0];
  return (1 - upper_weight) * lower + upper_weight * upper;
}

}  // namespace

at::Tensor published_perturb(const at::Tensor& pyramid, const at::Tensor& mask) {
  std::vector<at::Tensor> clips;
  for (const auto& one : mask.unbind(0)) clips.push_back(blend(pyramid, one));
  return at::stack(clips);
}

at::Tensor published_perturb_backward(const at::Tensor& gradient, const at::Tensor& pyramid,
                                      const at::Tensor& mask) {
  const at::AutoGradMode with_gradient(true);
  const auto input = mask.detach().requires_grad_(true);
  return torch::autograd::grad({published_perturb(pyramid, input)}, {input}, {gradient})[0];
}

}  // namespace fep
