#include "network/rectify.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "ops/common/dispatch.h"

namespace fep {

at::Tensor rectify(const at::Tensor& input) {
  static const auto op = find_operator<decltype(rectify)>("rectify");
  return op.call(input);
}

std::tuple<at::Tensor, at::Tensor> rectify_with_passed(const at::Tensor& input) {
  static const auto op = find_operator<decltype(rectify_with_passed)>("rectify_with_passed");
  return op.call(input);
}

at::Tensor rectify_backward(const at::Tensor& gradient, const at::Tensor& passed, at::IntArrayRef strides) {
  static const auto op = find_operator<decltype(rectify_backward)>("rectify_backward");
  return op.call(gradient, passed, strides);
}

namespace {

class Rectify : public torch::autograd::Function<Rectify> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input) {
    at::AutoDispatchBelowADInplaceOrView below;
    auto [output, passed] = rectify_with_passed(input);
    context->save_for_backward({passed});
    context->saved_data["strides"] = output.strides();
    return output;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto strides = context->saved_data.at("strides").toIntVector();
    return {rectify_backward(gradients[0], context->get_saved_variables()[0], strides)};
  }
};

/// Where no gradient is needed, nothing is kept.
at::Tensor rectify_autograd(const at::Tensor& input) {
  return at::GradMode::is_enabled() && input.requires_grad() ? Rectify::apply(input) : at::relu(input);
}

at::Tensor rectify_only(const at::Tensor& input) {
  return at::relu(input);
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("rectify", rectify_only);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("rectify", rectify_autograd);
}

}  // namespace fep
