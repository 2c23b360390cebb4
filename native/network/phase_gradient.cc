#include "network/phase_gradient.h"

#include <ATen/ATen.h>

namespace fep {
namespace {

/// With up to this many channels, a vector of floats would be mostly empty.
constexpr std::int64_t kFewChannels = 4;

std::int64_t ceil_divide(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

/// C'×C×K×K' as (C·s²)×C'×J×J', where J = ⌈K/s⌉ is the number of taps of a phase, the last of which may be 0.
at::Tensor kernels_of_phases(const at::Tensor& weight, std::int64_t stride) {
  const auto rows = ceil_divide(weight.size(2), stride), columns = ceil_divide(weight.size(3), stride);
  const auto whole =
      at::constant_pad_nd(weight, {0, columns * stride - weight.size(3), 0, rows * stride - weight.size(2)});
  return whole.unflatten(3, {columns, stride})
      .unflatten(2, {rows, stride})
      .flip({2, 4})  // q − j: a convolution runs the other way
      .permute({1, 3, 5, 0, 2, 4})
      .flatten(0, 2)
      .contiguous(at::MemoryFormat::ChannelsLast);
}

}  // namespace

bool has_phase_gradient(const at::Tensor& input, const at::Tensor& weight, const ConvolutionShape& shape) {
  if (!input.device().is_cpu() || input.dim() != 4 || shape.stride.size() != 2) return false;
  const bool is_plain =
      shape.groups == 1 && shape.dilation == std::vector<std::int64_t>{1, 1} && shape.padding.size() == 2;
  return is_plain && shape.stride[0] == shape.stride[1] && shape.stride[0] > 1 &&
         weight.size(1) <= kFewChannels;
}

at::Tensor phase_gradient(const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight,
                          const ConvolutionShape& shape) {
  const auto stride = shape.stride[0];
  const auto kernels = kernels_of_phases(weight, stride);
  const auto phases = at::conv2d(gradient, kernels, {}, 1, {kernels.size(2) - 1, kernels.size(3) - 1});
  const auto pixels = at::pixel_shuffle(phases, stride);
  // Crops i + padding to the inputs; those at the end that reach no output have no gradient.
  const auto [top, left] = std::tuple(shape.padding[0], shape.padding[1]);
  return at::constant_pad_nd(
      pixels, {-left, left + input.size(3) - pixels.size(3), -top, top + input.size(2) - pixels.size(2)});
}

}  // namespace fep
