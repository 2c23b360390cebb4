#include "ops/core_energy/core_energy.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "ops/common/dispatch.h"

namespace fep {

at::Tensor core_energy(const at::Tensor& mask, at::ArrayRef<double> areas) {
  static const auto op = find_operator<decltype(core_energy)>("core_energy");
  return op.call(mask, areas);
}

std::tuple<at::Tensor, at::Tensor> core_energy_with_gradient(const at::Tensor& mask,
                                                             at::ArrayRef<double> areas) {
  static const auto op = find_operator<decltype(core_energy_with_gradient)>("core_energy_with_gradient");
  return op.call(mask, areas);
}

namespace {

class CoreEnergy : public torch::autograd::Function<CoreEnergy> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& mask,
                            const std::vector<double>& areas) {
    at::AutoDispatchBelowADInplaceOrView below;
    auto [energy, gradient] = core_energy_with_gradient(mask, areas);
    context->save_for_backward({gradient});
    return energy;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    return {at::mul(context->get_saved_variables()[0], gradients[0].view({-1, 1, 1, 1})), {}};
  }
};

at::Tensor core_energy_autograd(const at::Tensor& mask, at::ArrayRef<double> areas) {
  return CoreEnergy::apply(mask, areas.vec());
}

at::Tensor core_energy_only(const at::Tensor& mask, at::ArrayRef<double> areas) {
  return std::get<0>(core_energy_with_gradient(mask, areas));
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("core_energy", core_energy_only);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("core_energy", core_energy_autograd);
}

}  // namespace fep
