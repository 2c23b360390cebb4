#include "network/frozen_batch_norm.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <tuple>
#include <vector>

#include "ops/common/dispatch.h"

namespace fep {

at::Tensor frozen_batch_norm(const at::Tensor& input, const std::optional<at::Tensor>& weight,
                             const std::optional<at::Tensor>& bias, const at::Tensor& running_mean,
                             const at::Tensor& running_var, double eps) {
  static const auto op = find_operator<decltype(frozen_batch_norm)>("frozen_batch_norm");
  return op.call(input, weight, bias, running_mean, running_var, eps);
}

namespace {

at::Tensor normalise(const at::Tensor& input, const std::optional<at::Tensor>& weight,
                     const std::optional<at::Tensor>& bias, const at::Tensor& running_mean,
                     const at::Tensor& running_var, double eps) {
  return at::batch_norm(input, weight, bias, running_mean, running_var, false, 0, eps, true);
}

/// C values, shaped so that they multiply channels.
at::Tensor per_channel(const at::Tensor& values, std::int64_t axes) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(axes), 1);
  shape[1] = -1;
  return values.view(shape);
}

/// upstream / deviation · weight, in this order: combined, the two factors would round differently from
/// PyTorch.
at::Tensor scale_channels(const at::Tensor& upstream, const at::Tensor& weight, const at::Tensor& running_var,
                          double eps) {
  const auto deviation = (running_var.to(at::kDouble) + eps).sqrt();
  const auto scale = deviation.reciprocal().to(upstream.scalar_type());
  auto gradient = at::mul(upstream, per_channel(scale, upstream.dim()));
  if (weight.defined()) gradient.mul_(per_channel(weight, upstream.dim()));
  return gradient;
}

/// The same for 16-bit formats, which PyTorch's own kernel scales in float32. It reads its input, for which
/// the gradient stands in here, only for the parameters' gradients, which are not computed.
at::Tensor scale_channels_in_float(const at::Tensor& upstream, const at::Tensor& weight,
                                   const at::Tensor& running_mean, const at::Tensor& running_var,
                                   double eps) {
  return std::get<0>(at::native_batch_norm_backward(upstream, upstream, weight, running_mean, running_var, {},
                                                    {}, false, eps, {true, false, false}));
}

class FrozenBatchNorm : public torch::autograd::Function<FrozenBatchNorm> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input,
                            const std::optional<at::Tensor>& weight, const std::optional<at::Tensor>& bias,
                            const at::Tensor& running_mean, const at::Tensor& running_var, double eps) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({weight.value_or(at::Tensor()), running_mean, running_var});
    context->saved_data["eps"] = eps;
    return normalise(input, weight, bias, running_mean, running_var, eps);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto& upstream = gradients[0];
    const auto saved = context->get_saved_variables();
    const auto &weight = saved[0], &mean = saved[1], &variance = saved[2];
    const auto eps = context->saved_data.at("eps").toDouble();
    const bool is_short = upstream.element_size() < 4;
    auto gradient = is_short ? scale_channels_in_float(upstream, weight, mean, variance, eps)
                             : scale_channels(upstream, weight, variance, eps);
    return {gradient, {}, {}, {}, {}, {}};
  }
};

at::Tensor frozen_batch_norm_autograd(const at::Tensor& input, const std::optional<at::Tensor>& weight,
                                      const std::optional<at::Tensor>& bias, const at::Tensor& running_mean,
                                      const at::Tensor& running_var, double eps) {
  TORCH_CHECK(!(weight && weight->requires_grad()) && !(bias && bias->requires_grad()),
              "frozen_batch_norm has no gradient with respect to its parameters");
  return FrozenBatchNorm::apply(input, weight, bias, running_mean, running_var, eps);
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("frozen_batch_norm", normalise);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("frozen_batch_norm", frozen_batch_norm_autograd);
}

}  // namespace fep
