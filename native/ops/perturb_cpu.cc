// CPU kernels of the perturbation operator. See perturb.h for what it computes.
// Per pixel only the two levels around m·(levels − 1) are read.

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <torch/library.h>

#include <algorithm>
#include <vector>

#include "multiversion.h"
#include "perturb.h"

namespace fep {
namespace {

/// Sizes of one call. `plane` is H·W; a channel of a level is T planes, a level is C channels.
struct PerturbShape {
  std::int64_t levels, channels, frames, plane;
  std::int64_t channel() const { return frames * plane; }
  std::int64_t level() const { return channels * channel(); }
};

PerturbShape check_shapes(const at::Tensor& pyramid, const at::Tensor& mask) {
  TORCH_CHECK_VALUE(pyramid.dim() == 5, "a pyramid is levels x C x T x H x W, got ", pyramid.sizes());
  TORCH_CHECK_VALUE(mask.dim() == 4 && mask.size(1) == pyramid.size(2) && mask.size(2) == pyramid.size(3) &&
                        mask.size(3) == pyramid.size(4),
                    "the mask must be N x T x H x W with the pyramid's T, H and W, ", pyramid.sizes(),
                    ", got ", mask.sizes());
  TORCH_CHECK_VALUE(mask.scalar_type() == pyramid.scalar_type(),
                    "mask and pyramid differ in type: ", mask.scalar_type(), " and ", pyramid.scalar_type());
  TORCH_CHECK_VALUE(pyramid.numel() < (std::int64_t{1} << 31), "the pyramid is too large: ", pyramid.sizes());
  return {pyramid.size(0), pyramid.size(1), pyramid.size(2), pyramid.size(3) * pyramid.size(4)};
}

/// Where each pixel of a frame reads: offset of the lower level, distance to the upper one, and the weight.
template <typename scalar>
struct Levels {
  std::vector<std::int32_t> lower, rise;
  std::vector<scalar> weight;
  explicit Levels(std::int64_t plane) : lower(plane), rise(plane), weight(plane) {}
};

template <typename scalar>
FEP_INLINE void find_levels_body(const scalar* mask, std::int64_t plane, std::int32_t levels,
                                 std::int32_t level_stride, std::int32_t* lower, std::int32_t* rise,
                                 scalar* weight) {
#pragma omp simd
  for (std::int64_t i = 0; i < plane; ++i) {
    // A mask beyond [0, 1], or not a number, must not make the kernel read beyond the pyramid.
    const scalar m = mask[i] > 0 ? (mask[i] < 1 ? mask[i] : scalar(1)) : scalar(0);
    const scalar position = m * static_cast<scalar>(levels - 1);
    const auto level = static_cast<std::int32_t>(position);
    lower[i] = level * level_stride + static_cast<std::int32_t>(i);
    rise[i] = level + 1 < levels ? level_stride : 0;
    weight[i] = position - static_cast<scalar>(level);
  }
}

template <typename scalar>
FEP_INLINE void interpolate_body(const scalar* pyramid, const std::int32_t* lower, const std::int32_t* rise,
                                 const scalar* weight, scalar* output, std::int64_t plane) {
#pragma omp simd
  for (std::int64_t i = 0; i < plane; ++i) {
    output[i] = (1 - weight[i]) * pyramid[lower[i]] + weight[i] * pyramid[lower[i] + rise[i]];
  }
}

template <typename scalar>
FEP_INLINE void add_slope_body(const scalar* pyramid, const std::int32_t* lower, const std::int32_t* rise,
                               const scalar* upstream, scalar slope, scalar* gradient, std::int64_t plane) {
#pragma omp simd
  for (std::int64_t i = 0; i < plane; ++i) {
    gradient[i] += slope * upstream[i] * (pyramid[lower[i] + rise[i]] - pyramid[lower[i]]);
  }
}

#define FEP_DEFINE_LOOPS(scalar)                                                                          \
  FEP_MULTIVERSION void find_levels(const scalar* m, std::int64_t n, std::int32_t levels,                 \
                                    std::int32_t stride, std::int32_t* lower, std::int32_t* rise,         \
                                    scalar* w) {                                                          \
    find_levels_body(m, n, levels, stride, lower, rise, w);                                               \
  }                                                                                                       \
  FEP_MULTIVERSION void interpolate(const scalar* p, const std::int32_t* lower, const std::int32_t* rise, \
                                    const scalar* w, scalar* out, std::int64_t n) {                       \
    interpolate_body(p, lower, rise, w, out, n);                                                          \
  }                                                                                                       \
  FEP_MULTIVERSION void add_slope(const scalar* p, const std::int32_t* lower, const std::int32_t* rise,   \
                                  const scalar* up, scalar slope, scalar* out, std::int64_t n) {          \
    add_slope_body(p, lower, rise, up, slope, out, n);                                                    \
  }

FEP_DEFINE_LOOPS(float)
FEP_DEFINE_LOOPS(double)
#undef FEP_DEFINE_LOOPS

/// Calls body(n, t, levels) for every frame of every mask, in parallel.
template <typename scalar, typename Body>
void for_each_frame(const PerturbShape& shape, const at::Tensor& mask, const Body& body) {
  const auto* masks = mask.const_data_ptr<scalar>();
  at::parallel_for(0, mask.size(0) * shape.frames, 1, [&](std::int64_t begin, std::int64_t end) {
    Levels<scalar> levels(shape.plane);
    for (auto frame = begin; frame < end; ++frame) {
      find_levels(masks + frame * shape.plane, shape.plane, static_cast<std::int32_t>(shape.levels),
                  static_cast<std::int32_t>(shape.level()), levels.lower.data(), levels.rise.data(),
                  levels.weight.data());
      body(frame / shape.frames, frame % shape.frames, levels);
    }
  });
}

at::Tensor perturb_cpu(const at::Tensor& pyramid_in, const at::Tensor& mask_in) {
  const auto shape = check_shapes(pyramid_in, mask_in);
  const auto pyramid = pyramid_in.contiguous(), mask = mask_in.contiguous();
  auto output =
      at::empty({mask.size(0), shape.channels, mask.size(1), mask.size(2), mask.size(3)}, mask.options());
  AT_DISPATCH_FLOATING_TYPES(mask.scalar_type(), "fep::perturb", [&] {
    const auto* source = pyramid.const_data_ptr<scalar_t>();
    auto* out = output.mutable_data_ptr<scalar_t>();
    for_each_frame<scalar_t>(shape, mask, [&](std::int64_t n, std::int64_t t, const auto& levels) {
      for (std::int64_t c = 0; c < shape.channels; ++c) {
        const auto offset = c * shape.channel() + t * shape.plane;
        interpolate(source + offset, levels.lower.data(), levels.rise.data(), levels.weight.data(),
                    out + n * shape.level() + offset, shape.plane);
      }
    });
  });
  return output;
}

at::Tensor perturb_backward_cpu(const at::Tensor& gradient_in, const at::Tensor& pyramid_in,
                                const at::Tensor& mask_in) {
  const auto shape = check_shapes(pyramid_in, mask_in);
  const auto upstream = gradient_in.contiguous(), pyramid = pyramid_in.contiguous(),
             mask = mask_in.contiguous();
  TORCH_CHECK_VALUE(upstream.numel() == mask.size(0) * shape.level(),
                    "the gradient must be N x C x T x H x W, got ", gradient_in.sizes());
  auto gradient = at::empty(mask.sizes(), mask.options());
  AT_DISPATCH_FLOATING_TYPES(mask.scalar_type(), "fep::perturb_backward", [&] {
    const auto* source = pyramid.const_data_ptr<scalar_t>();
    const auto* up = upstream.const_data_ptr<scalar_t>();
    auto* out = gradient.mutable_data_ptr<scalar_t>();
    for_each_frame<scalar_t>(shape, mask, [&](std::int64_t n, std::int64_t t, const auto& levels) {
      auto* row = out + (n * shape.frames + t) * shape.plane;
      std::fill_n(row, shape.plane, scalar_t(0));
      for (std::int64_t c = 0; c < shape.channels; ++c) {
        const auto offset = c * shape.channel() + t * shape.plane;
        add_slope(source + offset, levels.lower.data(), levels.rise.data(), up + n * shape.level() + offset,
                  static_cast<scalar_t>(shape.levels - 1), row, shape.plane);
      }
    });
  });
  return gradient;
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CPU, library) {
  library.impl("perturb", perturb_cpu);
  library.impl("perturb_backward", perturb_backward_cpu);
}

}  // namespace fep
