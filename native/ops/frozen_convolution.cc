#include "frozen_convolution.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <vector>

#include "dispatch.h"

namespace fep {

at::Tensor frozen_convolution(const at::Tensor& input, const at::Tensor& weight,
                              const std::optional<at::Tensor>& bias, at::IntArrayRef stride,
                              at::IntArrayRef padding, at::IntArrayRef dilation, std::int64_t groups) {
  static const auto op = find_operator<decltype(frozen_convolution)>("frozen_convolution");
  return op.call(input, weight, bias, stride, padding, dilation, groups);
}

namespace {

using Sizes = std::vector<std::int64_t>;

/// No output padding: only transposed convolutions have any.
const Sizes kNone{0};

at::Tensor convolve(const at::Tensor& input, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                    at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
                    std::int64_t groups) {
  return at::convolution(input, weight, bias, stride, padding, dilation, false, kNone, groups);
}

class FrozenConvolution : public torch::autograd::Function<FrozenConvolution> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input,
                            const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                            const Sizes& stride, const Sizes& padding, const Sizes& dilation,
                            std::int64_t groups) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({weight});
    auto& saved = context->saved_data;
    saved["sizes"] = input.sizes();
    saved["strides"] = input.strides();
    saved["stride"] = stride;
    saved["padding"] = padding;
    saved["dilation"] = dilation;
    saved["groups"] = groups;
    return convolve(input, weight, bias, stride, padding, dilation, groups);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto& gradient = gradients[0];
    const auto weight = context->get_saved_variables()[0];
    auto& saved = context->saved_data;
    const auto list = [&saved](const char* name) { return saved.at(name).toIntVector(); };
    // Only asked for its shape and order in memory, from which libtorch chooses the kernel: never filled.
    const auto input = at::empty_strided(list("sizes"), list("strides"), gradient.options());
    const auto [input_gradient, no_weight, no_bias] = at::convolution_backward(
        gradient, input, weight, at::OptionalIntArrayRef(), list("stride"), list("padding"), list("dilation"),
        false, kNone, saved.at("groups").toInt(), {true, false, false});
    return {input_gradient, {}, {}, {}, {}, {}, {}};
  }
};

at::Tensor frozen_convolution_autograd(const at::Tensor& input, const at::Tensor& weight,
                                       const std::optional<at::Tensor>& bias, at::IntArrayRef stride,
                                       at::IntArrayRef padding, at::IntArrayRef dilation,
                                       std::int64_t groups) {
  TORCH_CHECK(!weight.requires_grad() && !(bias && bias->requires_grad()),
              "frozen_convolution has no gradient with respect to its weights");
  return FrozenConvolution::apply(input, weight, bias, stride.vec(), padding.vec(), dilation.vec(), groups);
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("frozen_convolution", convolve);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("frozen_convolution", frozen_convolution_autograd);
}

}  // namespace fep
