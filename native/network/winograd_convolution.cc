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
                                const at::Tensor& gradient_kernels, const std::optional<at::Tensor>& bias,
                                at::IntArrayRef padding) {
  static const auto op = find_operator<decltype(winograd_convolution)>("winograd_convolution");
  return op.call(input, kernels, gradient_kernels, bias, padding);
}

at::Tensor winograd_planes(const at::Tensor& planes, const at::Tensor& kernels,
                           const std::optional<at::Tensor>& bias, at::IntArrayRef padding,
                           std::int64_t frames) {
  static const auto op = find_operator<decltype(winograd_planes)>("winograd_planes");
  return op.call(planes, kernels, bias, padding, frames);
}

namespace {

/// K × C × frames × rows × columns, of which those of a kernel along time are its rows.
at::Tensor taps_of(const at::Tensor& weight) {
  TORCH_CHECK(has_winograd_taps(weight),
              "winograd_kernels takes K×C×3×3, K×C×3×1, K×C×1×3×3, K×C×3×1×1 or K×C×3×3×3, not ",
              weight.sizes());
  const bool moves_along_time_only = weight.dim() == 5 && weight.size(3) == 1;
  if (weight.dim() == 5 && !moves_along_time_only) return weight;
  return weight.reshape({weight.size(0), weight.size(1), 1, weight.size(2), -1});
}

template <typename Columns>
at::Tensor factors_of_taps(const at::Tensor& taps) {
  const auto frames = taps.size(2);
  auto factors = at::empty({frames, ThreeTaps::kProducts, Columns::kProducts, taps.size(1), taps.size(0)},
                           taps.options());
  for (int i = 0; i < ThreeTaps::kProducts; ++i) {
    for (int j = 0; j < Columns::kProducts; ++j) {
      auto sum = at::zeros({taps.size(0), taps.size(1), frames}, at::kDouble);
      for (int row = 0; row < ThreeTaps::kTaps; ++row) {
        for (int column = 0; column < Columns::kTaps; ++column) {
          const auto factor = ThreeTaps::kFactorsOfTaps[i][row] * Columns::kFactorsOfTaps[j][column];
          if (factor != 0) sum.add_(taps.select(4, column).select(3, row), factor);
        }
      }
      factors.select(2, j).select(1, i).copy_(sum.permute({2, 1, 0}));
    }
  }
  return factors;
}

at::Tensor kernels_of_taps(const at::Tensor& taps) {
  return taps.size(4) == 1 ? factors_of_taps<OneTap>(taps) : factors_of_taps<ThreeTaps>(taps);
}

}  // namespace

bool has_winograd_taps(const at::Tensor& weight) {
  const auto has = [&weight](at::IntArrayRef taps) { return weight.sizes().slice(2) == taps; };
  return weight.dim() >= 2 &&
         (has({3, 3}) || has({3, 1}) || has({1, 3, 3}) || has({3, 1, 1}) || has({3, 3, 3}));
}

at::Tensor winograd_kernels(const at::Tensor& weight) {
  return kernels_of_taps(taps_of(weight));
}

at::Tensor winograd_gradient_kernels(const at::Tensor& weight) {
  return kernels_of_taps(taps_of(weight).flip({2, 3, 4}).transpose(0, 1));
}

namespace {

bool moves_across_frames(const at::Tensor& kernels) {
  return kernels.size(0) > 1;
}
bool moves_along_columns(const at::Tensor& kernels) {
  return kernels.size(2) > 1;
}

/// Which of a clip's axes are a plane's; a frame needs none of it.
std::optional<FlatConvolution> flat_of(const at::Tensor& input, const at::Tensor& kernels) {
  if (input.dim() == 4) return {};
  return FlatConvolution(moves_along_columns(kernels) ? FlatConvolution::Along::frames
                                                      : FlatConvolution::Along::time);
}

/// padding: of frames, rows and columns.
at::Tensor convolve(const at::Tensor& input, const at::Tensor& kernels, const std::optional<at::Tensor>& bias,
                    at::IntArrayRef padding) {
  const auto flat = flat_of(input, kernels);
  if (!flat) return winograd_planes(input, kernels, bias, padding, 1);
  const auto frames = moves_across_frames(kernels) ? input.size(2) : 1;
  const auto planes = winograd_planes(flat->flatten(input), kernels, bias, padding, frames);
  return flat->unflatten(planes, input.size(0), input.size(4));
}

std::vector<std::int64_t> of_all_axes(at::IntArrayRef padding) {
  auto all = padding.vec();
  if (all.size() == 2) all.insert(all.begin(), 0);
  return all;
}

class WinogradConvolution : public torch::autograd::Function<WinogradConvolution> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input,
                            const at::Tensor& kernels, const at::Tensor& gradient_kernels,
                            const std::optional<at::Tensor>& bias, const std::vector<std::int64_t>& padding) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({gradient_kernels});
    context->saved_data["padding"] = padding;
    return convolve(input, kernels, bias, padding);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto kernels = context->get_saved_variables()[0];
    auto padding = context->saved_data.at("padding").toIntVector();
    const auto reverse = [](std::int64_t& axis) { axis = ThreeTaps::kTaps - 1 - axis; };
    if (moves_across_frames(kernels)) reverse(padding[0]);
    reverse(padding[1]);
    if (moves_along_columns(kernels)) reverse(padding[2]);
    return {convolve(gradients[0], kernels, {}, padding), {}, {}, {}, {}};
  }
};

at::Tensor winograd_convolution_autograd(const at::Tensor& input, const at::Tensor& kernels,
                                         const at::Tensor& gradient_kernels,
                                         const std::optional<at::Tensor>& bias, at::IntArrayRef padding) {
  TORCH_CHECK(!kernels.requires_grad() && !(bias && bias->requires_grad()),
              "winograd_convolution has no gradient with respect to its kernels");
  return WinogradConvolution::apply(input, kernels, gradient_kernels, bias, of_all_axes(padding));
}

at::Tensor winograd_convolution_only(const at::Tensor& input, const at::Tensor& kernels, const at::Tensor&,
                                     const std::optional<at::Tensor>& bias, at::IntArrayRef padding) {
  return convolve(input, kernels, bias, of_all_axes(padding));
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("winograd_kernels", winograd_kernels);
  library.impl("winograd_gradient_kernels", winograd_gradient_kernels);
  library.impl("winograd_convolution", winograd_convolution_only);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("winograd_convolution", winograd_convolution_autograd);
}

}  // namespace fep
