// CUDA kernels of the ReLU of frozen networks. See rectify.h.

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>
#include <c10/core/DeviceGuard.h>
#include <torch/library.h>

#include <tuple>

#include "network/rectify_checks.h"
#include "network/rectify_kernels.cuh"
#include "ops/cuda/device_tensor.h"
#include "ops/cuda/launch.cuh"
#include "ops/cuda/registration.h"

namespace fep::cuda {
namespace {

std::tuple<at::Tensor, at::Tensor> rectify_with_passed(const at::Tensor& input_in) {
  check_countable(input_in, "a layer's output");
  const c10::DeviceGuard guard(input_in.device());
  const auto input = dense(input_in);
  auto output = at::empty_like(input), passed = empty_bits(input.numel(), input);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, input.scalar_type(), "fep::rectify", [&] {
    for_each_element(
        passed.numel(),
        RectifyEight<scalar_t>{input.const_data_ptr<scalar_t>(), static_cast<Index>(input.numel()),
                               output.mutable_data_ptr<scalar_t>(), passed.mutable_data_ptr<std::uint8_t>()});
  });
  return {output, passed};
}

at::Tensor rectify_backward(const at::Tensor& upstream_in, const at::Tensor& passed,
                            at::IntArrayRef strides) {
  check_countable(upstream_in, "a layer's output");
  const c10::DeviceGuard guard(passed.device());
  const auto upstream = in_order_of(strides, upstream_in, passed);
  auto gradient = at::empty_like(upstream);
  AT_DISPATCH_FLOATING_TYPES_AND2(
      at::kBFloat16, at::kHalf, upstream.scalar_type(), "fep::rectify_backward", [&] {
        for_each_element(upstream.numel(), GradientOfPassed<scalar_t>{upstream.const_data_ptr<scalar_t>(),
                                                                      passed.const_data_ptr<std::uint8_t>(),
                                                                      gradient.mutable_data_ptr<scalar_t>()});
      });
  return gradient;
}

}  // namespace

TORCH_LIBRARY_IMPL(FEP_OPERATORS, FEP_DEVICE, library) {
  library.impl("rectify_with_passed", rectify_with_passed);
  library.impl("rectify_backward", rectify_backward);
}

}  // namespace fep::cuda
