#include "network/winograd_convolution.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <vector>

#include "network/flat_convolution.h"
#include "network/winograd_axis.h"
#include "ops/common/dispatch.h"

namespace fep {

at::Tensor winograd_convolution(const at::Tensor& input, const at::Tensor& kernels,
                                const std::optional<at::Tensor>& bias, at::IntArrayRef padding) {
  static const auto op = find_operator<decltype(winograd_convolution)>("winograd_convolution");
  return op.call(input, kernels, bias, padding);
}

at::Tensor winograd_planes(const at::Tensor& planes, const at::Tensor& kernels,
                           const std::optional<at::Tensor>& bias, at::IntArrayRef padding, bool reversed) {
  static const auto op = find_operator<decltype(winograd_planes)>("winograd_planes");
  return op.call(planes, kernels, bias, padding, reversed);
}

namespace {

/// K×C×3×3 or K×C×3×1, without the axis in front of frames, or one of those behind time.
at::Tensor taps_of(const at::Tensor& weight) {
  const auto taps = weight.dim() != 5 ? weight : weight.size(2) == 1 ? weight.squeeze(2) : weight.squeeze(4);
  constexpr auto kTaps = ThreeTaps::kTaps;
  TORCH_CHECK(taps.dim() == 4 && taps.size(2) == kTaps && (taps.size(3) == kTaps || taps.size(3) == 1),
              "winograd_kernels takes K×C×3×3, K×C×1×3×3 or K×C×3×1×1, not ", weight.sizes());
  return taps;
}

template <typename Columns>
at::Tensor factors_of_taps(const at::Tensor& taps) {
  auto factors =
      at::empty({ThreeTaps::kProducts, Columns::kProducts, taps.size(1), taps.size(0)}, taps.options());
  for (int i = 0; i < ThreeTaps::kProducts; ++i) {
    for (int j = 0; j < Columns::kProducts; ++j) {
      auto sum = at::zeros({taps.size(0), taps.size(1)}, at::kDouble);
      for (int row = 0; row < ThreeTaps::kTaps; ++row) {
        for (int column = 0; column < Columns::kTaps; ++column) {
          const auto factor = ThreeTaps::kFactorsOfTaps[i][row] * Columns::kFactorsOfTaps[j][column];
          if (factor != 0) sum.add_(taps.select(3, column).select(2, row), factor);
        }
      }
      factors[i][j].copy_(sum.t());
    }
  }
  return factors;
}

}  // namespace

at::Tensor winograd_kernels(const at::Tensor& weight) {
  const auto taps = taps_of(weight);
  return taps.size(3) == 1 ? factors_of_taps<OneTap>(taps) : factors_of_taps<ThreeTaps>(taps);
}

namespace {

/// Which of a clip's axes are a plane's; a frame needs none of it.
std::optional<FlatConvolution> flat_of(const at::Tensor& input, const at::Tensor& kernels) {
  if (input.dim() == 4) return {};
  return FlatConvolution(kernels.size(1) == 1 ? FlatConvolution::Along::time
                                              : FlatConvolution::Along::frames);
}

at::Tensor convolve(const at::Tensor& input, const at::Tensor& kernels, const std::optional<at::Tensor>& bias,
                    at::IntArrayRef padding, bool reversed) {
  const auto flat = flat_of(input, kernels);
  if (!flat) return winograd_planes(input, kernels, bias, padding, reversed);
  const auto planes = winograd_planes(flat->flatten(input), kernels, bias, padding, reversed);
  return flat->unflatten(planes, input.size(0), input.size(4));
}

class WinogradConvolution : public torch::autograd::Function<WinogradConvolution> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input,
                            const at::Tensor& kernels, const std::optional<at::Tensor>& bias,
                            const std::vector<std::int64_t>& padding) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({kernels});
    context->saved_data["padding"] = padding;
    return convolve(input, kernels, bias, padding, false);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto kernels = context->get_saved_variables()[0];
    auto padding = context->saved_data.at("padding").toIntVector();
    padding[0] = ThreeTaps::kTaps - 1 - padding[0];
    if (kernels.size(1) > 1) padding[1] = ThreeTaps::kTaps - 1 - padding[1];
    return {convolve(gradients[0], kernels, {}, padding, true), {}, {}, {}};
  }
};

at::Tensor winograd_convolution_autograd(const at::Tensor& input, const at::Tensor& kernels,
                                         const std::optional<at::Tensor>& bias, at::IntArrayRef padding) {
  TORCH_CHECK(!kernels.requires_grad() && !(bias && bias->requires_grad()),
              "winograd_convolution has no gradient with respect to its kernels");
  return WinogradConvolution::apply(input, kernels, bias, padding.vec());
}

at::Tensor winograd_convolution_only(const at::Tensor& input, const at::Tensor& kernels,
                                     const std::optional<at::Tensor>& bias, at::IntArrayRef padding) {
  return convolve(input, kernels, bias, padding, false);
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("winograd_kernels", winograd_kernels);
  library.impl("winograd_convolution", winograd_convolution_only);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("winograd_convolution", winograd_convolution_autograd);
}

}  // namespace fep
