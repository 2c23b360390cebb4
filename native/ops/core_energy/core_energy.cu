// CUDA kernels of STEP's core energy. See core_energy.h for what it computes.

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <c10/core/DeviceGuard.h>
#include <torch/library.h>

#include <algorithm>
#include <tuple>

#include "ops/common/energy_checks.h"
#include "ops/core_energy/core_ellipsoid.h"
#include "ops/core_energy/core_energy_kernels.cuh"
#include "ops/cuda/device_tensor.h"
#include "ops/cuda/launch.cuh"
#include "ops/cuda/registration.h"

namespace fep::cuda {
namespace {

static_assert(kCoreDepth == kDepth && kCoreSide == kSide);

/// The ellipsoid as kernels take it, by value.
CoreEllipsoid make_ellipsoid() {
  const Ellipsoid all;
  CoreEllipsoid ellipsoid{};
  ellipsoid.sum = all.sum;
  for (const auto& run : all.runs) {
    ellipsoid.begin[run.z * kSide + run.y] = static_cast<std::int8_t>(run.begin);
    ellipsoid.end[run.z * kSide + run.y] = static_cast<std::int8_t>(run.end);
  }
  return ellipsoid;
}

template <typename scalar>
void rank_responses(const CoreSizes& sizes, double ellipsoid_sum, at::ArrayRef<double> areas,
                    const at::Tensor& responses, const at::Tensor& energies, const at::Tensor& slopes) {
  RankResponse<scalar> rank{sizes,
                            ellipsoid_sum,
                            0,
                            {},
                            responses.const_data_ptr<double>(),
                            energies.mutable_data_ptr<double>(),
                            slopes.mutable_data_ptr<double>()};
  const auto masks = static_cast<std::int64_t>(areas.size());
  for (std::int64_t first = 0; first < masks; first += kRanks) {
    const auto count = std::min<std::int64_t>(kRanks, masks - first);
    for (std::int64_t i = 0; i < count; ++i) {
      rank.top[i] =
          static_cast<Index>(largest_responses(areas[first + i], sizes.voxels(), sizes.responses()));
    }
    rank.first_mask = static_cast<Index>(first);
    for_each_element(count * sizes.responses(), rank);
  }
}

std::tuple<at::Tensor, at::Tensor> core_energy_with_gradient(const at::Tensor& mask_in,
                                                             at::ArrayRef<double> areas) {
  check_masks_for_cores(mask_in, areas, kDepth, kSide);
  check_countable(mask_in, "the mask");
  const c10::DeviceGuard guard(mask_in.device());
  const auto mask = mask_in.contiguous();
  static const auto ellipsoid = make_ellipsoid();
  const CoreSizes sizes{static_cast<Index>(mask.size(1)), static_cast<Index>(mask.size(2)),
                        static_cast<Index>(mask.size(3))};
  auto gradient = at::empty_like(mask);
  auto energies = at::empty({mask.size(0)}, mask.options());
  const auto responses = at::empty({mask.size(0), sizes.responses()}, mask.options().dtype(at::kDouble));
  const auto parts = at::empty_like(responses), slopes = at::empty_like(responses);
  AT_DISPATCH_FLOATING_TYPES(mask.scalar_type(), "fep::core_energy", [&] {
    for_each_block(responses.numel(),
                   CoreResponse<scalar_t>{sizes, ellipsoid, mask.const_data_ptr<scalar_t>(),
                                          responses.mutable_data_ptr<double>()});
    rank_responses<scalar_t>(sizes, ellipsoid.sum, areas, responses, parts, slopes);
    for_each_block(mask.size(0), AddUpEnergy<scalar_t>{sizes.responses(), 1.0, parts.const_data_ptr<double>(),
                                                       energies.mutable_data_ptr<scalar_t>()});
    for_each_element(mask.numel(),
                     GatherCoreGradient<scalar_t>{sizes, ellipsoid, slopes.const_data_ptr<double>(),
                                                  gradient.mutable_data_ptr<scalar_t>()});
  });
  return {energies, gradient};
}

}  // namespace

TORCH_LIBRARY_IMPL(FEP_OPERATORS, FEP_DEVICE, library) {
  library.impl("core_energy_with_gradient", core_energy_with_gradient);
}

}  // namespace fep::cuda
