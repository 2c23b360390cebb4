#pragma once

#include "ops/cuda/host_device.cuh"

namespace fep::cuda {

/// Sizes and steps through memory of one call. The mask may be the frame's part of a canvas, and models often
/// return gradients with the channels last; the pyramid is contiguous.
struct PerturbSizes {
  Index levels, channels, frames, height, width;
  std::int64_t mask_strides[4];      ///< N, T, H, W
  std::int64_t upstream_strides[5];  ///< N, C, T, H, W

  FEP_HOST_DEVICE std::int64_t channel() const { return static_cast<std::int64_t>(frames) * height * width; }
  FEP_HOST_DEVICE std::int64_t level() const { return channels * channel(); }
};

/// Where pixel number i of N×T×H×W is.
struct MaskPixel {
  Index n, t, y, x;

  FEP_HOST_DEVICE MaskPixel(const PerturbSizes& sizes, Index i)
      : n(i / sizes.width / sizes.height / sizes.frames),
        t(i / sizes.width / sizes.height % sizes.frames),
        y(i / sizes.width % sizes.height),
        x(i % sizes.width) {}

  FEP_HOST_DEVICE std::int64_t in_mask(const PerturbSizes& sizes) const {
    const auto* strides = sizes.mask_strides;
    return n * strides[0] + t * strides[1] + y * strides[2] + x * strides[3];
  }
  /// In channel 0 of a gradient.
  FEP_HOST_DEVICE std::int64_t in_upstream(const PerturbSizes& sizes) const {
    const auto* strides = sizes.upstream_strides;
    return n * strides[0] + t * strides[2] + y * strides[3] + x * strides[4];
  }
  /// In one channel of one clip.
  FEP_HOST_DEVICE std::int64_t in_channel(const PerturbSizes& sizes) const {
    return (static_cast<std::int64_t>(t) * sizes.height + y) * sizes.width + x;
  }
};

/// All channels of one pixel, read between the two levels next to m·(levels − 1).
template <typename scalar>
struct BlendPixel {
  PerturbSizes sizes;
  const scalar *pyramid, *mask;
  scalar* output;

  FEP_HOST_DEVICE void operator()(Index i) const {
    const MaskPixel pixel(sizes, i);
    const scalar m = mask[pixel.in_mask(sizes)], last = static_cast<scalar>(sizes.levels - 1);
    // A mask beyond [0, 1], or not a number, must not make the kernel read beyond the pyramid.
    const scalar position = m > 0 ? (m < 1 ? m * last : last) : scalar(0);
    const Index lower = static_cast<Index>(position), upper = smaller(lower + 1, sizes.levels - 1);
    const scalar share = position - static_cast<scalar>(lower);
    for (Index c = 0; c < sizes.channels; ++c) {
      const auto at = c * sizes.channel() + pixel.in_channel(sizes);
      const scalar low = pyramid[lower * sizes.level() + at];
      // Where m lies on a level, the next one does not count, whatever is in it.
      output[pixel.n * sizes.level() + at] =
          share == 0 ? low : (1 - share) * low + share * pyramid[upper * sizes.level() + at];
    }
  }
};

/// One pixel of the mask's gradient: Σ over channels of upstream·(next level − level)·(levels − 1), and 0
/// where m = 1.
template <typename scalar>
struct SlopeOfPixel {
  PerturbSizes sizes;
  const scalar *upstream, *pyramid, *mask;
  scalar* gradient;

  FEP_HOST_DEVICE void operator()(Index i) const {
    const MaskPixel pixel(sizes, i);
    const scalar m = mask[pixel.in_mask(sizes)], last = static_cast<scalar>(sizes.levels - 1);
    const Index lower = m > 0 ? (m < 1 ? static_cast<Index>(m * last) : sizes.levels - 1) : 0;
    if (lower + 1 >= sizes.levels) {
      gradient[i] = 0;
      return;
    }
    scalar sum = 0;
    for (Index c = 0; c < sizes.channels; ++c) {
      const auto* low = pyramid + lower * sizes.level() + c * sizes.channel() + pixel.in_channel(sizes);
      sum +=
          upstream[pixel.in_upstream(sizes) + c * sizes.upstream_strides[1]] * (low[sizes.level()] - low[0]);
    }
    gradient[i] = sum * last;
  }
};

}  // namespace fep::cuda
