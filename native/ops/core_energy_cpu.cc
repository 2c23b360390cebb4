// CPU kernel of STEP's core energy. See core_energy.h. A row of the ellipsoid is a run of ones, so a response
// is a few dozen short sums; there are only some hundred responses.

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core_energy.h"

namespace fep {
namespace {

constexpr std::int64_t kDepth = 7, kSide = 11;
constexpr double kVolume = 443;  // ⌊7·11·11·0.5236⌋, the ellipsoid's volume (π/6 ≈ 0.5236)

/// A run of ones of the ellipsoid: in frame z and row y, columns [begin, end).
struct Run {
  std::int64_t z, y, begin, end;
};

/// The voxels within semi-axes of 3 frames and 5 pixels around the centre.
struct Ellipsoid {
  std::vector<Run> runs;
  double sum = 0;

  Ellipsoid() {
    const auto normalised = [](std::int64_t i, std::int64_t n) {
      const auto semi_axis = static_cast<double>(n - 1) / 2;
      return (static_cast<double>(i) - semi_axis) / semi_axis;
    };
    for (std::int64_t z = 0; z < kDepth; ++z) {
      for (std::int64_t y = 0; y < kSide; ++y) {
        Run run{z, y, kSide, 0};
        for (std::int64_t x = 0; x < kSide; ++x) {
          const double r = std::hypot(normalised(z, kDepth), normalised(y, kSide), normalised(x, kSide));
          if (r > 1 + 1e-9) continue;
          run.begin = std::min(run.begin, x);
          run.end = x + 1;
        }
        if (run.begin >= run.end) continue;
        runs.push_back(run);
        sum += static_cast<double>(run.end - run.begin);
      }
    }
  }
};

struct CoreShape {
  std::int64_t frames, height, width;
  std::int64_t out_frames() const { return frames - kDepth + 1; }
  std::int64_t out_height() const { return (height - kSide) / kSide + 1; }
  std::int64_t out_width() const { return (width - kSide) / kSide + 1; }
  std::int64_t responses() const { return out_frames() * out_height() * out_width(); }

  /// Offset in the mask of the first column of a run, for response number i.
  std::int64_t offset(std::int64_t i, const Run& run) const {
    const auto x = i % out_width(), y = i / out_width() % out_height(), t = i / (out_width() * out_height());
    return ((t + run.z) * height + y * kSide + run.y) * width + x * kSide + run.begin;
  }
};

/// Energy of one mask; adds its gradient.
template <typename scalar>
double energy_of_mask(const scalar* mask, const CoreShape& shape, double area, scalar* gradient) {
  static const Ellipsoid ellipsoid;
  const auto n = shape.responses();
  std::vector<double> response(n);
  at::parallel_for(0, n, 64, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) {
      double sum = 0;
      for (const auto& run : ellipsoid.runs) {
        const auto* row = mask + shape.offset(i, run);
        sum += std::accumulate(row, row + (run.end - run.begin), scalar(0));
      }
      response[i] = sum / ellipsoid.sum;
    }
  });
  const double voxels = static_cast<double>(shape.frames * shape.height * shape.width);
  const auto top = std::min(static_cast<std::int64_t>(std::ceil(area * voxels / kVolume)), n);
  std::vector<std::int64_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return response[a] > response[b]; });
  double energy = 0;
  for (std::int64_t rank = 0; rank < n; ++rank) {
    const auto i = order[rank];
    const auto group = static_cast<double>(rank < top ? top : n - top);
    const double residual = response[i] - (rank < top ? 1 : 0);
    energy += residual * residual / group;
    const auto slope = static_cast<scalar>(2 * residual / group / ellipsoid.sum);
    for (const auto& run : ellipsoid.runs) {
      auto* row = gradient + shape.offset(i, run);
      for (std::int64_t x = 0; x < run.end - run.begin; ++x) row[x] += slope;
    }
  }
  return energy;
}

std::tuple<at::Tensor, at::Tensor> core_energy_with_gradient_cpu(const at::Tensor& mask_in,
                                                                 at::ArrayRef<double> areas) {
  TORCH_CHECK_VALUE(
      mask_in.dim() == 4 && mask_in.size(1) >= kDepth && mask_in.size(2) >= kSide && mask_in.size(3) >= kSide,
      "the core energy needs masks of at least ", kDepth, " frames of ", kSide, "x", kSide,
      " pixels, N x T x H x W, got ", mask_in.sizes());
  TORCH_CHECK_VALUE(static_cast<std::int64_t>(areas.size()) == mask_in.size(0),
                    "one area for each mask: got ", areas.size(), " areas for ", mask_in.size(0), " masks");
  const auto mask = mask_in.contiguous();
  auto gradient = at::zeros_like(mask);
  auto energies = at::zeros({mask.size(0)}, mask.options());
  const CoreShape shape{mask.size(1), mask.size(2), mask.size(3)};
  const auto voxels = shape.frames * shape.height * shape.width;
  AT_DISPATCH_FLOATING_TYPES(mask.scalar_type(), "fep::core_energy", [&] {
    for (std::int64_t n = 0; n < mask.size(0); ++n) {
      energies.mutable_data_ptr<scalar_t>()[n] =
          static_cast<scalar_t>(energy_of_mask(mask.const_data_ptr<scalar_t>() + n * voxels, shape, areas[n],
                                               gradient.mutable_data_ptr<scalar_t>() + n * voxels));
    }
  });
  return {energies, gradient};
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CPU, library) {
  library.impl("core_energy_with_gradient", core_energy_with_gradient_cpu);
}

}  // namespace fep
