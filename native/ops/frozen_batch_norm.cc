#include "frozen_batch_norm.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <vector>

#include "dispatch.h"

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

/// C elements as a factor of channels, in float32 where the network has fewer bits, as PyTorch computes
/// there.
at::Tensor per_channel(const at::Tensor& values, std::int64_t axes) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(axes), 1);
  shape[1] = -1;
  const auto precise = values.scalar_type() == at::kDouble ? values : values.to(at::kFloat);
  return precise.view(shape);
}

class FrozenBatchNorm : public torch::autograd::Function<FrozenBatchNorm> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input,
                            const std::optional<at::Tensor>& weight, const std::optional<at::Tensor>& bias,
                            const at::Tensor& running_mean, const at::Tensor& running_var, double eps) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({weight.value_or(at::Tensor()), running_var});
    context->saved_data["eps"] = eps;
    return normalise(input, weight, bias, running_mean, running_var, eps);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto& upstream = gradients[0];
    const auto saved = context->get_saved_variables();
    const auto deviation = (saved[1].to(at::kDouble) + context->saved_data.at("eps").toDouble()).sqrt();
    const auto scale =
        deviation.reciprocal().to(saved[1].scalar_type() == at::kDouble ? at::kDouble : at::kFloat);
    // The deviation first, the weight after it: together they would round otherwise than PyTorch does.
    auto gradient = at::mul(upstream, per_channel(scale, upstream.dim()));
    if (saved[0].defined()) gradient.mul_(per_channel(saved[0], upstream.dim()));
    return {gradient.to(upstream.scalar_type()), {}, {}, {}, {}, {}};
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
