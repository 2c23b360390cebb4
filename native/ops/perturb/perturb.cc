#include "ops/perturb/perturb.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <array>
#include <cmath>
#include <limits>

#include "ops/common/dispatch.h"

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

/// Blurs H, then W, of frames N×C×H×W: Gaussians separate. The same convolutions, in the same order, as the
/// published code's, so that pyramids agree to the last bit: the loop that follows amplifies every rounding.
at::Tensor gaussian_blur(const at::Tensor& frames, double sigma) {
  const auto reach = static_cast<std::int64_t>(std::ceil(4 * sigma));
  const auto channels = frames.size(1);
  const auto x =
      at::arange(-reach, reach + 1, frames.options()) /
      (at::sqrt(at::scalar_tensor(2, frames.options())) * sigma + std::numeric_limits<float>::epsilon());
  auto kernel = at::exp(-x * x);
  kernel = kernel / kernel.sum();
  const auto along_height = kernel.view({1, 1, -1, 1}).expand({channels, 1, -1, 1});
  const auto along_width = kernel.view({1, 1, 1, -1}).expand({channels, 1, 1, -1});
  const auto convolve = [channels](const at::Tensor& input, const at::Tensor& weight,
                                   at::IntArrayRef padding) {
    const std::array<std::int64_t, 2> one{1, 1};
    return at::conv2d(input, weight, {}, one, padding, one, channels);
  };
  const auto blurred = convolve(frames, along_height, {reach, 0});
  return convolve(blurred, along_width, {0, reach});
}

at::Tensor blur_pyramid_composite(const at::Tensor& clip, std::int64_t levels, double max_sigma) {
  TORCH_CHECK_VALUE(clip.dim() == 4, "a clip is CxTxHxW, got ", clip.sizes());
  TORCH_CHECK_VALUE(levels >= 2, "a blur pyramid needs at least 2 levels, got ", levels);
  TORCH_CHECK_VALUE(max_sigma > 0 && std::isfinite(max_sigma), "the blur's sigma must be positive, got ",
                    max_sigma);
  auto sizes = clip.sizes().vec();
  sizes.insert(sizes.begin(), levels);
  auto pyramid = at::empty(sizes, clip.options());
  const auto frames = clip.transpose(0, 1).contiguous();
  const auto sigmas = (1 - at::linspace(0, 1, levels, at::kFloat)) * max_sigma;
  for (std::int64_t level = 0; level + 1 < levels; ++level) {
    const auto sigma = sigmas[level].item<double>();
    pyramid.select(0, level).copy_(gaussian_blur(frames, sigma).transpose(0, 1));
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
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("perturb", perturb_autograd);
}

}  // namespace fep
