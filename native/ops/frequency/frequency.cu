// The 3-D DCT and the frequency modulation on CUDA devices. See frequency.h for what they compute.

#include "ops/frequency/frequency.h"

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <c10/core/DeviceGuard.h>
#include <torch/library.h>

#include <algorithm>

#include "ops/cuda/device_tensor.h"
#include "ops/cuda/launch.cuh"
#include "ops/cuda/registration.h"
#include "ops/frequency/frequency_kernels.cuh"
#include "ops/frequency/real_fft.h"

namespace fep::cuda {
namespace {

/// Up to this length of the longest axis a transform is three products with matrices: a grid of parameters is
/// so small that launching nine kernels would take longer. A guess, not measured yet: bench/gpu/dct_paths.py
/// measures it.
constexpr std::int64_t kLongestMatrix = 32;

bool is_small(const at::Tensor& input) {
  return std::max({input.size(-3), input.size(-2), input.size(-1)}) <= kLongestMatrix;
}

void check_input(const at::Tensor& input) {
  TORCH_CHECK_VALUE(input.dim() >= 3 && input.numel() > 0,
                    "a 3-D transform needs at least the axes T x H x W, none of them empty, got ",
                    input.sizes());
  check_countable(input, "what is to be transformed");
}

template <typename scalar>
Complex<scalar>* complex_data(const at::Tensor& spectrum) {
  return static_cast<Complex<scalar>*>(spectrum.mutable_data_ptr());
}

/// The DCT-II along one axis.
template <typename scalar>
at::Tensor forward_along(const at::Tensor& input, const Lines& lines) {
  auto reordered = at::empty({input.numel() / lines.n, lines.n}, input.options());
  for_each_element(input.numel(), ReorderLine<scalar>{lines, input.const_data_ptr<scalar>(),
                                                      reordered.mutable_data_ptr<scalar>()});
  const auto spectrum = real_fft(reordered);
  auto output = at::empty_like(input);
  for_each_element(input.numel(), TurnIntoCosines<scalar>{lines, complex_data<scalar>(spectrum),
                                                          output.mutable_data_ptr<scalar>()});
  return output;
}

/// Its inverse.
template <typename scalar>
at::Tensor backward_along(const at::Tensor& input, const Lines& lines) {
  const auto count = input.numel() / lines.n;
  auto spectrum = at::empty({count, lines.half(), 2}, input.options());
  for_each_element(count * lines.half(), TurnFromCosines<scalar>{lines, input.const_data_ptr<scalar>(),
                                                                 complex_data<scalar>(spectrum)});
  const auto reordered = inverse_real_fft(spectrum, lines.n);
  auto output = at::empty_like(input);
  for_each_element(input.numel(), RestoreLine<scalar>{lines, reordered.const_data_ptr<scalar>(),
                                                      output.mutable_data_ptr<scalar>()});
  return output;
}

/// Calls along(tensor, lines) for each of the last three axes that is longer than 1, where the DCT is the
/// identity.
template <typename Along>
at::Tensor along_last_three(const at::Tensor& input, const Along& along) {
  auto result = input.contiguous();
  std::int64_t inner = 1;
  for (const std::int64_t axis : {-1, -2, -3}) {
    const auto n = input.size(axis);
    if (n > 1) result = along(result, Lines{static_cast<Index>(n), static_cast<Index>(inner)});
    inner *= n;
  }
  return result.is_same(input) ? result.clone() : result;
}

at::Tensor dct3_by_fft(const at::Tensor& input) {
  return AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "fep::dct3",
                                    [&] { return along_last_three(input, forward_along<scalar_t>); });
}

at::Tensor idct3_by_fft(const at::Tensor& input) {
  return AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "fep::idct3",
                                    [&] { return along_last_three(input, backward_along<scalar_t>); });
}

at::Tensor dct3(const at::Tensor& input) {
  check_input(input);
  const c10::DeviceGuard guard(input.device());
  return is_small(input) ? dct3_by_matrices(input) : dct3_by_fft(input);
}

at::Tensor idct3(const at::Tensor& input) {
  check_input(input);
  const c10::DeviceGuard guard(input.device());
  return is_small(input) ? idct3_by_matrices(input) : idct3_by_fft(input);
}

at::Tensor frequency_modulate(const at::Tensor& gradient, double low_ratio, double high_ratio,
                              std::optional<double> temporal_low_ratio,
                              std::optional<double> temporal_high_ratio) {
  check_input(gradient);
  const c10::DeviceGuard guard(gradient.device());
  const auto sizes = gradient.sizes().slice(gradient.dim() - 3);
  const auto bands = frequency_bands(sizes, {low_ratio, high_ratio, temporal_low_ratio, temporal_high_ratio});
  const auto edges = [](const Band& band) {
    return BandEdges{static_cast<Index>(band.low), static_cast<Index>(band.high)};
  };
  const auto spectrum = dct3(gradient).contiguous();
  AT_DISPATCH_FLOATING_TYPES(spectrum.scalar_type(), "fep::frequency_modulate", [&] {
    for_each_element(spectrum.numel(),
                     KeepBands<scalar_t>{static_cast<Index>(sizes[1]), static_cast<Index>(sizes[2]),
                                         static_cast<Index>(sizes[0]), edges(bands.t), edges(bands.h),
                                         edges(bands.w), spectrum.mutable_data_ptr<scalar_t>()});
  });
  return idct3(spectrum);
}

}  // namespace

TORCH_LIBRARY_IMPL(FEP_OPERATORS, FEP_DEVICE, library) {
  library.impl("dct3", dct3);
  library.impl("idct3", idct3);
  library.impl("frequency_modulate", frequency_modulate);
}

}  // namespace fep::cuda
