#include "network/frozen_convolution.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <vector>

#include "network/convolution_shape.h"
#include "network/flat_convolution.h"
#include "network/phase_gradient.h"
#include "ops/common/dispatch.h"

namespace fep {

at::Tensor frozen_convolution(const at::Tensor& input, const at::Tensor& weight,
                              const std::optional<at::Tensor>& bias, at::IntArrayRef stride,
                              at::IntArrayRef padding, at::IntArrayRef dilation, std::int64_t groups,
                              bool any_order) {
  static const auto op = find_operator<decltype(frozen_convolution)>("frozen_convolution");
  return op.call(input, weight, bias, stride, padding, dilation, groups, any_order);
}

namespace {

/// No output padding: only transposed convolutions have any.
const std::vector<std::int64_t> kNone{0};

std::optional<FlatConvolution> flat_of(const at::Tensor& input, const at::Tensor& weight,
                                       const ConvolutionShape& shape) {
  return shape.any_order ? FlatConvolution::of(input, weight, shape) : std::nullopt;
}

at::Tensor convolve(const at::Tensor& input, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                    const ConvolutionShape& shape) {
  if (const auto flat = flat_of(input, weight, shape)) {
    const auto planes =
        convolve(flat->flatten(input), flat->flatten_weight(weight), bias, flat->flatten(shape));
    return flat->unflatten(planes, input.size(0), input.size(4));
  }
  return at::convolution(input, weight, bias, shape.stride, shape.padding, shape.dilation, false, kNone,
                         shape.groups);
}

/// input: only its shape and memory format are used, by which libtorch chooses the kernel.
at::Tensor input_gradient(const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight,
                          const ConvolutionShape& shape) {
  if (const auto flat = flat_of(input, weight, shape)) {
    const auto planes = input_gradient(flat->flatten(gradient), flat->flatten(input),
                                       flat->flatten_weight(weight), flat->flatten(shape));
    return flat->unflatten(planes, input.size(0), input.size(4));
  }
  if (shape.any_order && has_phase_gradient(input, weight, shape)) {
    return phase_gradient(gradient, input, weight, shape);
  }
  const auto [of_input, of_weight, of_bias] = at::convolution_backward(
      gradient, input, weight, at::OptionalIntArrayRef(), shape.stride, shape.padding, shape.dilation, false,
      kNone, shape.groups, {true, false, false});
  return of_input;
}

class FrozenConvolution : public torch::autograd::Function<FrozenConvolution> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input,
                            const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                            const ConvolutionShape& shape) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({weight});
    auto& saved = context->saved_data;
    saved["sizes"] = input.sizes();
    saved["strides"] = input.strides();
    saved["stride"] = shape.stride;
    saved["padding"] = shape.padding;
    saved["dilation"] = shape.dilation;
    saved["groups"] = shape.groups;
    saved["any_order"] = shape.any_order;
    return convolve(input, weight, bias, shape);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto& gradient = gradients[0];
    auto& saved = context->saved_data;
    const auto list = [&saved](const char* name) { return saved.at(name).toIntVector(); };
    const ConvolutionShape shape{list("stride"), list("padding"), list("dilation"),
                                 saved.at("groups").toInt(), saved.at("any_order").toBool()};
    const auto never_filled = at::empty_strided(list("sizes"), list("strides"), gradient.options());
    return {input_gradient(gradient, never_filled, context->get_saved_variables()[0], shape), {}, {}, {}};
  }
};

/// Accepts an input without a batch axis too, as conv2d() does.
template <typename Convolve>
at::Tensor with_batch(const at::Tensor& input, const at::Tensor& weight, const Convolve& convolve) {
  if (input.dim() + 1 != weight.dim()) return convolve(input);
  return convolve(input.unsqueeze(0)).squeeze(0);
}

at::Tensor frozen_convolution_only(const at::Tensor& input, const at::Tensor& weight,
                                   const std::optional<at::Tensor>& bias, at::IntArrayRef stride,
                                   at::IntArrayRef padding, at::IntArrayRef dilation, std::int64_t groups,
                                   bool any_order) {
  const ConvolutionShape shape{stride.vec(), padding.vec(), dilation.vec(), groups, any_order};
  return with_batch(input, weight,
                    [&](const at::Tensor& some) { return convolve(some, weight, bias, shape); });
}

at::Tensor frozen_convolution_autograd(const at::Tensor& input, const at::Tensor& weight,
                                       const std::optional<at::Tensor>& bias, at::IntArrayRef stride,
                                       at::IntArrayRef padding, at::IntArrayRef dilation, std::int64_t groups,
                                       bool any_order) {
  TORCH_CHECK(!weight.requires_grad() && !(bias && bias->requires_grad()),
              "frozen_convolution has no gradient with respect to its weights");
  const ConvolutionShape shape{stride.vec(), padding.vec(), dilation.vec(), groups, any_order};
  return with_batch(input, weight, [&](const at::Tensor& some) {
    return FrozenConvolution::apply(some, weight, bias, shape);
  });
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("frozen_convolution", frozen_convolution_only);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("frozen_convolution", frozen_convolution_autograd);
}

}  // namespace fep
