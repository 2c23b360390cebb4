// CPU kernels of the perturbation operator. See perturb.h for what it computes.
//
// The pyramid is far larger than any cache, and masks are mostly flat. So pixels are processed in blocks, and
// for a block only the levels between its lowest and its highest pixel are read, in order and as vectors.
// Each pixel weights them by linear interpolation; most weights are 0. Where a block lies on one level
// exactly, as where m = 0 or m = 1, only that one is read.

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>

#include "ops/common/hand_out.h"
#include "ops/common/multiversion.h"
#include "ops/perturb/perturb.h"
#include "ops/perturb/perturb_checks.h"

namespace fep {
namespace {

/// Sizes of one call. `plane` is H·W; a channel of a level is T planes, a level is C channels. A mask may be
/// the frame's part of a canvas: its pixels follow each other in runs of `run`, which begin `mask_run` apart.
struct PerturbShape {
  std::int64_t levels, channels, frames, plane, run, mask_run;
  std::int64_t channel() const { return frames * plane; }
  std::int64_t level() const { return channels * channel(); }
};

PerturbShape shape_of(const at::Tensor& pyramid, const at::Tensor& mask) {
  check_pyramid_and_mask(pyramid, mask);
  const auto plane = mask.size(2) * mask.size(3);
  const bool whole = mask.stride(2) == mask.size(3);
  return {pyramid.size(0),
          pyramid.size(1),
          pyramid.size(2),
          plane,
          whole ? plane : mask.size(3),
          whole ? plane : mask.stride(2)};
}

/// The mask itself if the pixels of a row follow each other in memory, else a copy where they do.
at::Tensor with_whole_rows(const at::Tensor& mask) {
  return mask.stride(3) == 1 && mask.stride(2) >= mask.size(3) ? mask : mask.contiguous();
}

/// Pixels are processed in blocks of this many: one vector of 16 floats.
constexpr std::int64_t kBlock = 16;

/// Neighbouring blocks mostly lie on the same levels. Each level is a stream that begins and ends where the
/// mask changes, too short for the hardware's prefetcher: so pixels this far ahead are prefetched.
constexpr std::int64_t kAhead = 4 * kBlock;

/// Where the pixels of a block lie between the levels.
template <typename scalar>
struct Positions {
  scalar of[kBlock];
  scalar lowest, highest;
};

/// Positions of n pixels, m·(levels − 1). Those with m = 1 are put at `top`.
template <typename scalar>
FEP_INLINE Positions<scalar> find_positions(const PerturbShape& shape, const scalar* mask, std::int64_t n,
                                            scalar top) {
  const auto last = static_cast<scalar>(shape.levels - 1);
  Positions<scalar> positions;
  scalar lowest = top, highest = 0;
#pragma omp simd reduction(min : lowest) reduction(max : highest)
  for (std::int64_t i = 0; i < n; ++i) {
    // A mask beyond [0, 1], or not a number, must not make the kernel read beyond the pyramid.
    const scalar position = mask[i] > 0 ? (mask[i] < 1 ? mask[i] * last : top) : scalar(0);
    positions.of[i] = position;
    lowest = std::min(lowest, position);
    highest = std::max(highest, position);
  }
  positions.lowest = lowest;
  positions.highest = highest;
  return positions;
}

/// The interpolation's weight of a level for a pixel: a hat function around the level.
template <typename scalar>
FEP_INLINE scalar weight_at(scalar position, scalar level) {
  return std::max(1 - std::abs(position - level), scalar(0));
}

/// The derivative of that weight, for pixels between `lower` and the next level.
template <typename scalar>
FEP_INLINE scalar slope_at(scalar lower, scalar level) {
  return lower == level ? scalar(-1) : (lower == level - 1 ? scalar(1) : scalar(0));
}

/// Adds weight(position, level)·pixel for the levels [first, last] to n sums; `pyramid` is the block at level
/// 0.
template <typename scalar, typename Weight>
FEP_INLINE void add_levels(const PerturbShape& shape, const scalar* pyramid,
                           const Positions<scalar>& positions, std::int64_t first, std::int64_t last,
                           const Weight& weight, scalar* sums, std::int64_t n) {
  for (auto level = first; level <= last; ++level) {
    const auto* pixels = pyramid + level * shape.level();
    const auto here = static_cast<scalar>(level);
    __builtin_prefetch(pixels + kAhead);
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) sums[i] += weight(positions.of[i], here) * pixels[i];
  }
}

/// Calls body(first, in_mask, n) for the blocks of a frame: where they begin in the clip and in the mask. A
/// whole block has a length that the compiler knows.
template <typename Body>
FEP_INLINE void for_each_block(const PerturbShape& shape, const Body& body) {
  const auto whole = shape.run / kBlock * kBlock;
  for (std::int64_t run = 0, in_mask = 0; run < shape.plane; run += shape.run, in_mask += shape.mask_run) {
    for (std::int64_t i = 0; i < whole; i += kBlock) body(run + i, in_mask + i, kBlock);
    if (whole < shape.run) body(run + whole, in_mask + whole, shape.run - whole);
  }
}

/// One frame: `pyramid`, `mask` and `output` are its first pixel, in their first level and channel.
template <typename scalar>
FEP_INLINE void perturb_frame_body(const PerturbShape& shape, const scalar* pyramid, const scalar* mask,
                                   scalar* output) {
  for_each_block(shape, [&](std::int64_t first, std::int64_t in_mask, std::int64_t n) {
    const auto at = find_positions(shape, mask + in_mask, n, static_cast<scalar>(shape.levels - 1));
    const auto lower = static_cast<std::int64_t>(at.lowest);
    const auto upper = static_cast<std::int64_t>(std::ceil(at.highest));
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      const auto offset = c * shape.channel() + first;
      scalar sums[kBlock] = {};
      add_levels(shape, pyramid + offset, at, lower, upper, weight_at<scalar>, sums, n);
      std::copy_n(sums, n, output + offset);
    }
  });
}

/// The gradient of clips, with its axes in any order: models often return it with the channels last.
template <typename scalar>
struct Upstream {
  const scalar* data;
  std::int64_t channel, pixel;  ///< strides
};

template <typename scalar>
FEP_INLINE void perturb_frame_backward_body(const PerturbShape& shape, const Upstream<scalar>& upstream,
                                            const scalar* pyramid, const scalar* mask, scalar* gradient) {
  const auto last = shape.levels - 1;
  for_each_block(shape, [&](std::int64_t first, std::int64_t in_mask, std::int64_t n) {
    // Pixels with m = 1 have no gradient: they are put beyond the last level, where all slopes are 0.
    auto at = find_positions(shape, mask + in_mask, n, static_cast<scalar>(last + 1));
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
      at.of[i] = static_cast<scalar>(static_cast<std::int32_t>(at.of[i]));
    }
    const auto lower = static_cast<std::int64_t>(at.lowest);
    const auto upper = std::min(static_cast<std::int64_t>(at.highest) + 1, last);
    scalar gradients[kBlock] = {};
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      scalar slopes[kBlock] = {};
      add_levels(shape, pyramid + c * shape.channel() + first, at, lower, upper, slope_at<scalar>, slopes, n);
      const auto* up = upstream.data + c * upstream.channel + first * upstream.pixel;
#pragma omp simd
      for (std::int64_t i = 0; i < n; ++i) gradients[i] += up[i * upstream.pixel] * slopes[i];
    }
    for (std::int64_t i = 0; i < n; ++i) gradient[first + i] = gradients[i] * static_cast<scalar>(last);
  });
}

#define FEP_DEFINE_LOOPS(scalar)                                                                            \
  FEP_MULTIVERSION void perturb_frame(const PerturbShape& shape, const scalar* pyramid, const scalar* mask, \
                                      scalar* output) {                                                     \
    perturb_frame_body(shape, pyramid, mask, output);                                                       \
  }                                                                                                         \
  FEP_MULTIVERSION void perturb_frame_backward(const PerturbShape& shape, const Upstream<scalar>& upstream, \
                                               const scalar* pyramid, const scalar* mask,                   \
                                               scalar* gradient) {                                          \
    perturb_frame_backward_body(shape, upstream, pyramid, mask, gradient);                                  \
  }

FEP_DEFINE_LOOPS(float)
FEP_DEFINE_LOOPS(double)
#undef FEP_DEFINE_LOOPS

/// Calls body(n, t) for every frame of every mask, in parallel.
template <typename Body>
void for_each_frame(const PerturbShape& shape, std::int64_t masks, const Body& body) {
  hand_out(masks * shape.frames,
           [&] { return [&](std::int64_t frame) { body(frame / shape.frames, frame % shape.frames); }; });
}

at::Tensor perturb_cpu(const at::Tensor& pyramid_in, const at::Tensor& mask_in) {
  TORCH_CHECK_VALUE(mask_in.dim() == 4, "the mask must be N x T x H x W, got ", mask_in.sizes());
  const auto pyramid = pyramid_in.contiguous(), mask = with_whole_rows(mask_in);
  const auto shape = shape_of(pyramid, mask);
  auto output =
      at::empty({mask.size(0), shape.channels, mask.size(1), mask.size(2), mask.size(3)}, mask.options());
  AT_DISPATCH_FLOATING_TYPES(mask.scalar_type(), "fep::perturb", [&] {
    const auto* source = pyramid.const_data_ptr<scalar_t>();
    auto* out = output.mutable_data_ptr<scalar_t>();
    const auto* masks = mask.const_data_ptr<scalar_t>();
    for_each_frame(shape, mask.size(0), [&](std::int64_t n, std::int64_t t) {
      const auto frame = t * shape.plane;
      perturb_frame(shape, source + frame, masks + n * mask.stride(0) + t * mask.stride(1),
                    out + n * shape.level() + frame);
    });
  });
  return output;
}

at::Tensor perturb_backward_cpu(const at::Tensor& gradient_in, const at::Tensor& pyramid_in,
                                const at::Tensor& mask_in) {
  TORCH_CHECK_VALUE(mask_in.dim() == 4, "the mask must be N x T x H x W, got ", mask_in.sizes());
  const auto pyramid = pyramid_in.contiguous(), mask = with_whole_rows(mask_in);
  const auto shape = shape_of(pyramid, mask);
  check_clips_gradient(gradient_in, pyramid, mask);
  // Pixels must be evenly spaced in memory; all other axes may be in any order.
  const bool even = gradient_in.stride(3) == gradient_in.stride(4) * gradient_in.size(4);
  const auto upstream = even ? gradient_in : gradient_in.contiguous();
  auto gradient = at::empty(mask.sizes(), mask.options());
  AT_DISPATCH_FLOATING_TYPES(mask.scalar_type(), "fep::perturb_backward", [&] {
    const auto* source = pyramid.const_data_ptr<scalar_t>();
    const auto* up = upstream.const_data_ptr<scalar_t>();
    auto* out = gradient.mutable_data_ptr<scalar_t>();
    const auto* masks = mask.const_data_ptr<scalar_t>();
    for_each_frame(shape, mask.size(0), [&](std::int64_t n, std::int64_t t) {
      const auto in_mask = n * mask.stride(0) + t * mask.stride(1);
      const auto in_gradient = (n * shape.frames + t) * shape.plane;
      const Upstream<scalar_t> clip{up + n * upstream.stride(0) + t * upstream.stride(2), upstream.stride(1),
                                    upstream.stride(4)};
      perturb_frame_backward(shape, clip, source + t * shape.plane, masks + in_mask, out + in_gradient);
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
