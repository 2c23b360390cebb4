#include "ops/area_energy/area_energy.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "ops/common/dispatch.h"

namespace fep {

at::Tensor area_energy(const at::Tensor& mask, at::ArrayRef<double> areas, bool per_frame) {
  static const auto op = find_operator<decltype(area_energy)>("area_energy");
  return op.call(mask, areas, per_frame);
}

std::tuple<at::Tensor, at::Tensor> area_energy_with_gradient(const at::Tensor& mask,
                                                             at::ArrayRef<double> areas, bool per_frame,
                                                             double weight) {
  static const auto op = find_operator<decltype(area_energy_with_gradient)>("area_energy_with_gradient");
  return op.call(mask, areas, per_frame, weight);
}

std::tuple<at::Tensor, at::Tensor> area_energy_by_sorting(const at::Tensor& mask, at::ArrayRef<double> areas,
                                                          bool per_frame, double weight) {
  auto energies = at::empty({mask.size(0)}, mask.options());
  auto gradients = at::empty_like(mask, at::MemoryFormat::Contiguous);
  for (std::int64_t n = 0; n < mask.size(0); ++n) {
    const auto rows = mask[n].reshape({per_frame ? mask.size(1) : 1, -1});
    const auto voxels = rows.size(1);
    const auto zeros = static_cast<std::int64_t>(static_cast<double>(voxels) * (1 - areas[n]));
    const auto largest = std::get<1>(at::sort(rows, 1)).narrow(1, zeros, voxels - zeros);
    const auto residual = rows - at::zeros_like(rows).scatter_(1, largest, 1);
    energies[n] = residual.square().mean() * weight;
    gradients[n] = (residual * (2 * weight / static_cast<double>(rows.numel()))).view_as(mask[n]);
  }
  return {energies, gradients};
}

namespace {

class AreaEnergy : public torch::autograd::Function<AreaEnergy> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& mask,
                            const std::vector<double>& areas, bool per_frame) {
    at::AutoDispatchBelowADInplaceOrView below;
    auto [energy, gradient] = area_energy_with_gradient(mask, areas, per_frame);
    context->save_for_backward({gradient});
    return energy;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    return {at::mul(context->get_saved_variables()[0], gradients[0].view({-1, 1, 1, 1})), {}, {}};
  }
};

at::Tensor area_energy_autograd(const at::Tensor& mask, at::ArrayRef<double> areas, bool per_frame) {
  return AreaEnergy::apply(mask, areas.vec(), per_frame);
}

at::Tensor area_energy_only(const at::Tensor& mask, at::ArrayRef<double> areas, bool per_frame) {
  return std::get<0>(area_energy_with_gradient(mask, areas, per_frame));
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("area_energy", area_energy_only);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("area_energy", area_energy_autograd);
}

}  // namespace fep
