// CUDA kernels of the mask generator. See smooth_mask.h for what it computes, smooth_mask_cpu.cc for
// the table.

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/tensor.h>
#include <c10/core/DeviceGuard.h>
#include <torch/library.h>

#include <map>
#include <mutex>
#include <tuple>

#include "ops/cuda/device_tensor.h"
#include "ops/cuda/launch.cuh"
#include "ops/cuda/registration.h"
#include "ops/smooth_mask/smooth_mask.h"
#include "ops/smooth_mask/smooth_mask_checks.h"
#include "ops/smooth_mask/smooth_mask_kernels.cuh"
#include "ops/smooth_mask/smooth_mask_table.h"

namespace fep::cuda {
namespace {

/// s·k(d/σ) on the device, taps² × table_pixels; made once for each (step, sigma, type, device) and kept. The
/// cache is never destroyed: at the end of a process a CUDA tensor must not outlive its driver.
template <typename scalar>
at::Tensor device_table(const MaskAxis& axis, std::int64_t step, double sigma,
                        const at::TensorOptions& options) {
  using Key = std::tuple<std::int64_t, double, c10::DeviceType, c10::DeviceIndex>;
  static std::mutex mutex;
  static auto& tables = *new std::map<Key, at::Tensor>;
  const auto device = options.device();
  const std::lock_guard lock(mutex);
  auto& table = tables[{step, sigma, device.type(), device.index()}];
  if (!table.defined()) {
    const auto& exponent = weight_table<scalar>(axis, step, sigma)->exponent;
    table = at::tensor(at::ArrayRef<scalar>(exponent), options.device(at::kCPU)).to(device);
  }
  return table;
}

MaskSizes mask_sizes(const MaskAxis& rows, const MaskAxis& columns, std::int64_t step) {
  const auto index = [](std::int64_t n) { return static_cast<Index>(n); };
  return {{index(rows.points), index(rows.canvas)},
          {index(columns.points), index(columns.canvas)},
          index(step),
          index(2 * rows.radius + 1),
          index(rows.pad),
          index(round_up(step * step, kLanes))};
}

std::tuple<at::Tensor, at::Tensor> with_denominator(const at::Tensor& parameters, std::int64_t height,
                                                    std::int64_t width, std::int64_t step, double sigma) {
  const auto rows = mask_axis(height, step, sigma), columns = mask_axis(width, step, sigma);
  check_parameters(parameters, rows, columns);
  const c10::DeviceGuard guard(parameters.device());
  const auto input = parameters.contiguous();
  auto canvas = at::empty(canvas_sizes(parameters, rows, columns), parameters.options());
  auto denominator = at::empty_like(canvas);
  check_countable(canvas, "the canvas");
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "fep::smooth_mask", [&] {
    const auto table = device_table<scalar_t>(rows, step, sigma, input.options());
    for_each_element(canvas.numel(),
                     MakeMaskPixel<scalar_t>{
                         mask_sizes(rows, columns, step), static_cast<scalar_t>(kSteepness),
                         table.const_data_ptr<scalar_t>(), input.const_data_ptr<scalar_t>(),
                         canvas.mutable_data_ptr<scalar_t>(), denominator.mutable_data_ptr<scalar_t>()});
  });
  return {canvas, denominator};
}

at::Tensor backward_from(const at::Tensor& canvas_gradient, const at::Tensor& parameters,
                         const at::Tensor& canvas_in, const at::Tensor& denominator_in, std::int64_t height,
                         std::int64_t width, std::int64_t step, double sigma) {
  const auto rows = mask_axis(height, step, sigma), columns = mask_axis(width, step, sigma);
  check_parameters(parameters, rows, columns);
  check_alike(parameters, {&canvas_gradient, &canvas_in, &denominator_in});
  const c10::DeviceGuard guard(parameters.device());
  const auto input = parameters.contiguous(), upstream = canvas_gradient.contiguous(),
             canvas = canvas_in.contiguous(), denominator = denominator_in.contiguous();
  for (const auto* given : {&upstream, &canvas, &denominator}) {
    check_canvas(*given, parameters, rows, columns);
    check_countable(*given, "the canvas");
  }
  auto gradient = at::empty_like(input);
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "fep::smooth_mask_backward", [&] {
    const auto table = device_table<scalar_t>(rows, step, sigma, input.options());
    for_each_block(input.numel(),
                   GatherPointGradient<scalar_t>{
                       mask_sizes(rows, columns, step), static_cast<scalar_t>(kSteepness),
                       static_cast<scalar_t>(kColdness), table.const_data_ptr<scalar_t>(),
                       upstream.const_data_ptr<scalar_t>(), input.const_data_ptr<scalar_t>(),
                       canvas.const_data_ptr<scalar_t>(), denominator.const_data_ptr<scalar_t>(),
                       gradient.mutable_data_ptr<scalar_t>()});
  });
  return gradient;
}

}  // namespace

TORCH_LIBRARY_IMPL(FEP_OPERATORS, FEP_DEVICE, library) {
  library.impl("smooth_mask_with_denominator", with_denominator);
  library.impl("smooth_mask_backward_from", backward_from);
}

}  // namespace fep::cuda
