#include "ops/frequency/frequency.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <tuple>

#include "ops/common/dispatch.h"
#include "ops/frequency/small_grid_transform.h"

namespace fep {

at::Tensor dct3(const at::Tensor& input) {
  static const auto op = find_operator<decltype(dct3)>("dct3");
  return op.call(input);
}

at::Tensor idct3(const at::Tensor& input) {
  static const auto op = find_operator<decltype(idct3)>("idct3");
  return op.call(input);
}

at::Tensor frequency_modulate(const at::Tensor& gradient, double low_ratio, double high_ratio,
                              std::optional<double> temporal_low_ratio,
                              std::optional<double> temporal_high_ratio) {
  static const auto op = find_operator<decltype(frequency_modulate)>("frequency_modulate");
  return op.call(gradient, low_ratio, high_ratio, temporal_low_ratio, temporal_high_ratio);
}

Band frequency_band(std::int64_t n, double low_ratio, double high_ratio) {
  TORCH_CHECK_VALUE(
      low_ratio >= 0 && high_ratio >= 0 && low_ratio + high_ratio <= 1 + 1e-9,
      "the ratios of low and high frequencies must not be negative and must sum to at most 1, got ",
      low_ratio, " and ", high_ratio);
  const auto edge = [n](double ratio) {
    return static_cast<std::int64_t>(std::floor(ratio * static_cast<double>(n) + 1e-6));
  };
  const auto low = low_ratio > 0 ? std::max<std::int64_t>(edge(low_ratio), 1) : 0;
  return {low, std::max(edge(1 - high_ratio), low)};
}

namespace {

/// The n×n matrix C of the orthonormal DCT-II: C[i][x] = sqrt(2/n)·c_i·cos((2x+1)·i·π/(2n)), c_0 = 1/√2,
/// else 1. Computed once in double for each (n, type, device). The cache is never destroyed: at the end of a
/// process a CUDA tensor must not outlive its driver.
at::Tensor dct_matrix(std::int64_t n, const at::TensorOptions& options) {
  using Key = std::tuple<std::int64_t, at::ScalarType, c10::DeviceType, c10::DeviceIndex>;
  static std::mutex mutex;
  static auto& matrices = *new std::map<Key, at::Tensor>;
  const auto device = options.device();
  const std::lock_guard lock(mutex);
  auto& matrix = matrices[{n, at::typeMetaToScalarType(options.dtype()), device.type(), device.index()}];
  if (!matrix.defined()) {
    const auto index = at::arange(n, at::TensorOptions().dtype(at::kDouble));
    auto basis = at::cos(at::outer(index, 2 * index + 1) * (std::numbers::pi / (2 * static_cast<double>(n))));
    basis *= std::sqrt(2.0 / static_cast<double>(n));
    basis[0] *= std::numbers::sqrt2 / 2;
    matrix = basis.to(options);
  }
  return matrix;
}

/// Applies `matrix(n)` along each of the last three axes, as h_kᵀ(h_jᵀ(h_iᵀ·)) in Eq. (4).
template <typename Matrix>
at::Tensor along_last_three(const at::Tensor& input, const Matrix& matrix) {
  TORCH_CHECK_VALUE(input.dim() >= 3 && input.numel() > 0,
                    "a 3-D transform needs at least the axes T x H x W, none of them empty, got ",
                    input.sizes());
  const auto t = input.size(-3), h = input.size(-2), w = input.size(-1);
  if (is_small_grid(input)) return transform_small_grid(input, matrix(t), matrix(h), matrix(w));
  auto result = at::matmul(input, matrix(w).t());
  result = at::matmul(matrix(h), result);
  result = at::matmul(matrix(t), result.reshape({-1, t, h * w}));
  return result.view(input.sizes());
}

}  // namespace

at::Tensor dct3_by_matrices(const at::Tensor& input) {
  return along_last_three(input, [&](std::int64_t n) { return dct_matrix(n, input.options()); });
}

at::Tensor idct3_by_matrices(const at::Tensor& input) {
  return along_last_three(input, [&](std::int64_t n) { return dct_matrix(n, input.options()).t(); });
}

Bands frequency_bands(at::IntArrayRef sizes, const BandRatios& ratios) {
  const auto t = frequency_band(sizes[0], ratios.temporal_low.value_or(ratios.low),
                                ratios.temporal_high.value_or(ratios.high));
  return {t, frequency_band(sizes[1], ratios.low, ratios.high),
          frequency_band(sizes[2], ratios.low, ratios.high)};
}

namespace {

/// A + B as one gain over T×H×W: 1 inside A's box and outside B's, 0 between the two.
at::Tensor band_gain(at::IntArrayRef sizes, const BandRatios& ratios, const at::TensorOptions& options) {
  const auto [t, h, w] = frequency_bands(sizes, ratios);
  auto gain = at::ones(sizes, options);
  gain.narrow(0, 0, t.high).narrow(1, 0, h.high).narrow(2, 0, w.high).zero_();
  gain.narrow(0, 0, t.low).narrow(1, 0, h.low).narrow(2, 0, w.low).fill_(1);
  return gain;
}

/// band_gain with a cache of the last one, as every iteration of a run needs the same. It is never destroyed,
/// for the same reason as the matrices.
at::Tensor last_band_gain(at::IntArrayRef sizes, const BandRatios& ratios, const at::TensorOptions& options) {
  struct Last {
    BandRatios ratios;
    at::Tensor gain;
  };
  static std::mutex mutex;
  static auto& last = *new Last;
  const std::lock_guard lock(mutex);
  const auto& gain = last.gain;
  const bool is_alike = gain.defined() && last.ratios == ratios && gain.sizes() == sizes &&
                        gain.dtype() == options.dtype() && gain.device() == options.device();
  if (!is_alike) last = {ratios, band_gain(sizes, ratios, options)};
  return last.gain;
}

at::Tensor frequency_modulate_composite(const at::Tensor& gradient, double low_ratio, double high_ratio,
                                        std::optional<double> temporal_low_ratio,
                                        std::optional<double> temporal_high_ratio) {
  TORCH_CHECK_VALUE(gradient.dim() >= 3, "a gradient to modulate is ... x T x H x W, got ", gradient.sizes());
  const auto spectrum = dct3_by_matrices(gradient);
  // The inverse is linear: H⁻¹(A ⊙ G) + H⁻¹(B ⊙ G) = H⁻¹((A + B) ⊙ G), one inverse instead of two.
  const auto gain =
      last_band_gain(gradient.sizes().slice(gradient.dim() - 3),
                     {low_ratio, high_ratio, temporal_low_ratio, temporal_high_ratio}, gradient.options());
  return idct3_by_matrices(spectrum * gain);
}

/// The DCT is orthonormal, so its adjoint is its inverse, and the modulation is its own adjoint.
template <at::Tensor (*Forward)(const at::Tensor&), at::Tensor (*Adjoint)(const at::Tensor&)>
class Orthonormal : public torch::autograd::Function<Orthonormal<Forward, Adjoint>> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext*, const at::Tensor& input) {
    at::AutoDispatchBelowADInplaceOrView below;
    return Forward(input);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext*,
                                                 const torch::autograd::variable_list& gradients) {
    return {Adjoint(gradients[0])};
  }
};

class FrequencyModulate : public torch::autograd::Function<FrequencyModulate> {
 public:
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& input,
                            double low_ratio, double high_ratio, std::optional<double> temporal_low,
                            std::optional<double> temporal_high) {
    at::AutoDispatchBelowADInplaceOrView below;
    context->saved_data["low"] = low_ratio;
    context->saved_data["high"] = high_ratio;
    context->saved_data["temporal_low"] = temporal_low;
    context->saved_data["temporal_high"] = temporal_high;
    return frequency_modulate(input, low_ratio, high_ratio, temporal_low, temporal_high);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    auto& saved = context->saved_data;
    const auto modulated = frequency_modulate(gradients[0], saved["low"].toDouble(), saved["high"].toDouble(),
                                              saved["temporal_low"].toOptional<double>(),
                                              saved["temporal_high"].toOptional<double>());
    return {modulated, {}, {}, {}, {}};
  }
};

at::Tensor dct3_autograd(const at::Tensor& input) {
  return Orthonormal<dct3, idct3>::apply(input);
}
at::Tensor idct3_autograd(const at::Tensor& input) {
  return Orthonormal<idct3, dct3>::apply(input);
}
at::Tensor frequency_modulate_autograd(const at::Tensor& gradient, double low_ratio, double high_ratio,
                                       std::optional<double> temporal_low_ratio,
                                       std::optional<double> temporal_high_ratio) {
  return FrequencyModulate::apply(gradient, low_ratio, high_ratio, temporal_low_ratio, temporal_high_ratio);
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CompositeExplicitAutograd, library) {
  library.impl("dct3", dct3_by_matrices);
  library.impl("idct3", idct3_by_matrices);
  library.impl("frequency_modulate", frequency_modulate_composite);
}
TORCH_LIBRARY_IMPL(fep, Autograd, library) {
  library.impl("dct3", dct3_autograd);
  library.impl("idct3", idct3_autograd);
  library.impl("frequency_modulate", frequency_modulate_autograd);
}

}  // namespace fep
