#include "perturb.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <cmath>

#include "dispatch.h"

namespace fep {

at::Tensor blur_pyramid(const at::Tensor& clip, std::int64_t levels, double max_sigma) {
  static const auto op = find_operator<decltype(blur_pyramid)>("blur_pyramid");
  return op.call(clip, levels, max_sigma);
}

at::Tensor perturb(const at::Tensor& pyramid, const at::Tensor& mask) {
  static const auto op = find_operator<decltype(perturb)>("perturb");
  return op.call(pyramid, mask);
}

at::Tensor perturb_backward(const at::Tensor& gradient, const at::Tensor& pyramid, const at::Tensor& mask) {
  static const auto op = find_operator<decltype(perturb_backward)>("perturb_backward");
  return op.call(gradient, pyramid, mask);
}

namespace {

/// The n×n matrix that blurs a row of n pixels: the normalised Gaussian, cut off at ⌈4σ⌉, one row for each output
/// pixel. What the kernel would read beyond the ends is zero, so the columns there are simply missing.
at::Tensor blur_matrix(std::int64_t n, double sigma, const at::TensorOptions& options) {
  const auto reach = std::ceil(4 * sigma);
  const auto inside = at::arange(-reach, reach + 1, options);
  const auto normaliser = at::exp(-(inside / sigma).square() / 2).sum();
  const auto positions = at::arange(n, options);
  const auto distance = positions.unsqueeze(1) - positions.unsqueeze(0);
  return at::exp(-(distance / sigma).square() / 2) * (distance.abs() <= reach) / normaliser;
}

/// Blurs H and W. Gaussians separate: one matrix product for each axis, many times faster than convolving with
/// kernels that are wider than the frame.
at::Tensor gaussian_blur(const at::Tensor& clip, double sigma) {
  const auto along_height = blur_matrix(clip.size(-2), sigma, clip.options());
  const auto along_width = blur_matrix(clip.size(-1), sigma, clip.options());
  return at::matmul(along_height, at::matmul(clip, along_width));
}

at::Tensor blur_pyramid_composite(const at::Tensor& clip, std::int64_t levels, double max_sigma) {
  TORCH_CHECK_VALUE(clip.dim() == 4, "a clip is CxTxHxW, got ", clip.sizes());
  TORCH_CHECK_VALUE(levels >= 2, "a blur pyramid needs at least 2 levels, got ", levels);
  TORCH_CHECK_VALUE(max_sigma > 0 && std::isfinite(max_sigma), "the blur's sigma must be positive, got ",
                    max_sigma);
  auto sizes = clip.sizes().vec();
  sizes.insert(sizes.begin(), levels);
  auto pyramid = at::empty(sizes, clip.options());
  for (std::int64_t level = 0; level + 1 < levels; ++level) {
    const double sigma = max_sigma * (1 - static_cast<double>(level) / static_cast<double>(levels - 1));
    pyramid.select(0, level).copy_(gaussian_blur(clip, sigma));
  }
  pyramid.select(0, levels - 1).copy_(clip);
  return pyramid;
}

class Perturb : public torch::autograd::Function<Perturb> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& pyramid,
                            const at::Tensor& mask) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({pyramid, mask});
    return perturb(pyramid, mask);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    return {{}, perturb_backward(gradients[0], saved[0], saved[1])};
  }
};

at::Tensor perturb_autograd(const at::Tensor& pyramid, const at::Tensor& mask) {
  TORCH_CHECK(!pyramid.requires_grad(), "perturb has no gradient with respect to the pyramid");
  return Perturb::apply(pyramid, mask);
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("blur_pyramid", blur_pyramid_composite);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) { library.impl("perturb", perturb_autograd); }

}  // namespace fep
