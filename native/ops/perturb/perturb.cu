// CUDA kernels of the perturbation operator. See perturb.h for what it computes.

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <c10/core/DeviceGuard.h>
#include <torch/library.h>

#include <algorithm>

#include "ops/cuda/device_tensor.h"
#include "ops/cuda/launch.cuh"
#include "ops/cuda/registration.h"
#include "ops/perturb/perturb_checks.h"
#include "ops/perturb/perturb_kernels.cuh"

namespace fep::cuda {
namespace {

PerturbSizes perturb_sizes(const at::Tensor& pyramid, const at::Tensor& mask) {
  const auto index = [](std::int64_t n) { return static_cast<Index>(n); };
  PerturbSizes sizes{index(pyramid.size(0)),
                     index(pyramid.size(1)),
                     index(pyramid.size(2)),
                     index(pyramid.size(3)),
                     index(pyramid.size(4)),
                     {},
                     {}};
  std::copy_n(mask.strides().begin(), 4, sizes.mask_strides);
  return sizes;
}

at::Tensor perturb(const at::Tensor& pyramid_in, const at::Tensor& mask) {
  check_pyramid_and_mask(pyramid_in, mask);
  check_alike(mask, {&pyramid_in});
  const c10::DeviceGuard guard(mask.device());
  const auto pyramid = pyramid_in.contiguous();
  auto output =
      at::empty({mask.size(0), pyramid.size(1), mask.size(1), mask.size(2), mask.size(3)}, mask.options());
  check_countable(output, "the perturbed clip");
  AT_DISPATCH_FLOATING_TYPES(mask.scalar_type(), "fep::perturb", [&] {
    for_each_element(mask.numel(), BlendPixel<scalar_t>{
                                       perturb_sizes(pyramid, mask), pyramid.const_data_ptr<scalar_t>(),
                                       mask.const_data_ptr<scalar_t>(), output.mutable_data_ptr<scalar_t>()});
  });
  return output;
}

at::Tensor perturb_backward(const at::Tensor& upstream, const at::Tensor& pyramid_in,
                            const at::Tensor& mask) {
  check_pyramid_and_mask(pyramid_in, mask);
  check_clips_gradient(upstream, pyramid_in, mask);
  check_alike(mask, {&pyramid_in, &upstream});
  check_countable(upstream, "the gradient");
  const c10::DeviceGuard guard(mask.device());
  const auto pyramid = pyramid_in.contiguous();
  auto gradient = at::empty(mask.sizes(), mask.options());
  auto sizes = perturb_sizes(pyramid, mask);
  std::copy_n(upstream.strides().begin(), 5, sizes.upstream_strides);
  AT_DISPATCH_FLOATING_TYPES(mask.scalar_type(), "fep::perturb_backward", [&] {
    for_each_element(
        mask.numel(),
        SlopeOfPixel<scalar_t>{sizes, upstream.const_data_ptr<scalar_t>(), pyramid.const_data_ptr<scalar_t>(),
                               mask.const_data_ptr<scalar_t>(), gradient.mutable_data_ptr<scalar_t>()});
  });
  return gradient;
}

}  // namespace

TORCH_LIBRARY_IMPL(FEP_OPERATORS, FEP_DEVICE, library) {
  library.impl("perturb", perturb);
  library.impl("perturb_backward", perturb_backward);
}

}  // namespace fep::cuda
