// CPU kernel of STEP's core energy. See core_energy.h. A row of the ellipsoid is a run of ones, so a response
// is a few dozen short sums; there are only some hundred responses.

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <torch/library.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "ops/common/energy_checks.h"
#include "ops/core_energy/core_ellipsoid.h"
#include "ops/core_energy/core_energy.h"

namespace fep {
namespace {

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
  const auto top = largest_responses(area, shape.frames * shape.height * shape.width, n);
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
  check_masks_for_cores(mask_in, areas, kDepth, kSide);
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
