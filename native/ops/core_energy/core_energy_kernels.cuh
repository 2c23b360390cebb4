#pragma once

#include "ops/cuda/block.cuh"
#include "ops/cuda/energies.cuh"

namespace fep::cuda {

constexpr Index kCoreDepth = 7, kCoreSide = 11;
constexpr Index kCoreRows = kCoreDepth * kCoreSide;

/// The ellipsoid's rows of ones: in frame z and row y the columns [begin, end) of row z·kCoreSide + y.
struct CoreEllipsoid {
  std::int8_t begin[kCoreRows], end[kCoreRows];
  double sum;

  FEP_HOST_DEVICE bool holds(Index z, Index y, Index x) const {
    const Index row = z * kCoreSide + y;
    return begin[row] <= x && x < end[row];
  }
};

/// Windows lie side by side in space and overlap in time only.
struct CoreSizes {
  Index frames, height, width;

  FEP_HOST_DEVICE Index voxels() const { return frames * height * width; }
  FEP_HOST_DEVICE Index out_frames() const { return frames - kCoreDepth + 1; }
  FEP_HOST_DEVICE Index out_height() const { return height / kCoreSide; }
  FEP_HOST_DEVICE Index out_width() const { return width / kCoreSide; }
  FEP_HOST_DEVICE Index responses() const { return out_frames() * out_height() * out_width(); }
};

/// One response: the mask's mean over an ellipsoid.
template <typename scalar>
struct CoreResponse {
  static constexpr int kThreads = 128;  ///< at least kCoreRows
  struct Shared {
    double sums[kThreads];
  };

  CoreSizes sizes;
  CoreEllipsoid ellipsoid;
  const scalar* masks;
  double* responses;

  FEP_HOST_DEVICE void operator()(const Block<kThreads>& block, Shared& shared, Index i) const {
    auto* sums = shared.sums;
    block.each_thread([&, sums](Index row) { sums[row] = row < kCoreRows ? sum_of_row(i, row) : 0; });
    block.add_up(sums);
    block.each_thread([&, sums](Index thread) {
      if (thread == 0) responses[i] = sums[0] / ellipsoid.sum;
    });
  }

 private:
  FEP_HOST_DEVICE double sum_of_row(Index i, Index row) const {
    const Index across = sizes.out_width(), down = sizes.out_height();
    const Index window = i % sizes.responses();
    const Index x = window % across * kCoreSide, y = window / across % down * kCoreSide + row % kCoreSide;
    const Index t = window / across / down + row / kCoreSide;
    const auto* first = masks + static_cast<std::int64_t>(i / sizes.responses()) * sizes.voxels() +
                        (t * sizes.height + y) * sizes.width + x;
    double sum = 0;
    for (Index column = ellipsoid.begin[row]; column < ellipsoid.end[row]; ++column) sum += first[column];
    return sum;
  }
};

/// One response's part of the energy, and the slope of the energy along each voxel of its ellipsoid. Whether
/// it is among the largest is found by comparing it with all others, of which there are some hundred. Of
/// equal ones, the earlier ones rank higher.
template <typename scalar>
struct RankResponse {
  CoreSizes sizes;
  double ellipsoid_sum;
  Index first_mask;
  Index top[kRanks];  ///< how many are pulled to 1, of each mask from first_mask on
  const double* responses;
  double *energies, *slopes;

  FEP_HOST_DEVICE void operator()(Index i) const {
    const Index n = sizes.responses(), mask = first_mask + i / n, own = i % n;
    const auto offset = static_cast<std::int64_t>(mask) * n;
    const auto* all = responses + offset;
    Index rank = 0;
    for (Index other = 0; other < n; ++other) {
      rank += all[other] > all[own] || (all[other] == all[own] && other < own);
    }
    const bool is_top = rank < top[i / n];
    const auto group = static_cast<double>(is_top ? top[i / n] : n - top[i / n]);
    const double residual = all[own] - (is_top ? 1 : 0);
    energies[offset + own] = residual * residual / group;
    slopes[offset + own] = 2 * residual / group / ellipsoid_sum;
  }
};

/// One voxel's gradient: what the ellipsoids that hold it ask for.
template <typename scalar>
struct GatherCoreGradient {
  CoreSizes sizes;
  CoreEllipsoid ellipsoid;
  const double* slopes;
  scalar* gradient;

  FEP_HOST_DEVICE void operator()(Index i) const {
    const Index x = i % sizes.width, y = i / sizes.width % sizes.height;
    const Index t = i / sizes.width / sizes.height % sizes.frames, mask = i / sizes.voxels();
    const Index window_y = y / kCoreSide, window_x = x / kCoreSide;
    double sum = 0;
    if (window_y < sizes.out_height() && window_x < sizes.out_width()) {
      const Index in_frame = window_y * sizes.out_width() + window_x;
      const auto* of_mask = slopes + static_cast<std::int64_t>(mask) * sizes.responses();
      for (Index z = 0; z < kCoreDepth; ++z) {
        const Index window_t = t - z;
        if (window_t < 0 || window_t >= sizes.out_frames()) continue;
        if (!ellipsoid.holds(z, y % kCoreSide, x % kCoreSide)) continue;
        sum += of_mask[window_t * sizes.out_height() * sizes.out_width() + in_frame];
      }
    }
    gradient[i] = static_cast<scalar>(sum);
  }
};

}  // namespace fep::cuda
