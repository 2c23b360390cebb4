// CUDA kernels of the area energy. See area_energy.h for what it computes, area_energy_kernels.cuh for
// how.

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <c10/core/DeviceGuard.h>
#include <torch/library.h>

#include <algorithm>
#include <tuple>

#include "ops/area_energy/area_energy_kernels.cuh"
#include "ops/common/energy_checks.h"
#include "ops/cuda/device_tensor.h"
#include "ops/cuda/launch.cuh"
#include "ops/cuda/registration.h"

namespace fep::cuda {
namespace {

/// What the kernels of one call share.
struct Workspace {
  at::Tensor selections;  ///< bytes
  at::Tensor counts;      ///< kRounds × groups × kDigits
  at::Tensor equals;      ///< groups × pieces
  at::Tensor energies;    ///< the same
};

template <typename scalar>
Workspace make_workspace(const AreaSizes& sizes, const at::TensorOptions& options) {
  const std::int64_t groups = sizes.groups, pieces = sizes.pieces;
  const auto bytes = groups * static_cast<std::int64_t>(sizeof(Selection<scalar>));
  return {at::empty({bytes}, options.dtype(at::kByte)),
          at::zeros({kRounds<scalar>, groups, kDigits}, options.dtype(at::kInt)),
          at::empty({groups, pieces}, options.dtype(at::kInt)),
          at::empty({groups, pieces}, options.dtype(at::kDouble))};
}

/// The rank of each group's threshold: ⌊(1−a)·n⌋ values are zeros.
template <typename scalar>
void begin_selections(const AreaSizes& sizes, at::ArrayRef<double> areas, Selection<scalar>* selections) {
  const auto masks = static_cast<std::int64_t>(areas.size());
  BeginSelection<scalar> begin{0, static_cast<Index>(sizes.groups / masks), {}, selections};
  for (std::int64_t first = 0; first < masks; first += kRanks) {
    const auto count = std::min<std::int64_t>(kRanks, masks - first);
    for (std::int64_t i = 0; i < count; ++i) {
      begin.ranks[i] = static_cast<Index>(static_cast<double>(sizes.length) * (1 - areas[first + i]));
    }
    begin.first_group = static_cast<Index>(first) * begin.groups_per_rank;
    for_each_element(count * begin.groups_per_rank, begin);
  }
}

/// Every group's threshold, and how many of its equals are zeros.
template <typename scalar>
void select_thresholds(const AreaSizes& sizes, at::ArrayRef<double> areas, const scalar* values,
                       const Workspace& workspace) {
  auto* selections = static_cast<Selection<scalar>*>(workspace.selections.mutable_data_ptr());
  begin_selections(sizes, areas, selections);
  for (int round = 0; round < kRounds<scalar>; ++round) {
    auto* counts = workspace.counts[round].mutable_data_ptr<Index>();
    for_each_block(static_cast<std::int64_t>(sizes.groups) * sizes.pieces,
                   CountDigits<scalar>{sizes, round, values, selections, counts});
    for_each_block(sizes.groups, ChooseDigit<scalar>{round, counts, selections});
  }
}

std::tuple<at::Tensor, at::Tensor> area_energy_with_gradient(const at::Tensor& mask_in,
                                                             at::ArrayRef<double> areas, bool per_frame,
                                                             double weight) {
  check_masks_and_areas(mask_in, areas);
  check_countable(mask_in, "the mask");
  const c10::DeviceGuard guard(mask_in.device());
  const auto mask = mask_in.contiguous();
  auto gradient = at::empty_like(mask);
  auto energies = at::zeros({mask.size(0)}, mask.options());
  if (mask.numel() == 0) return {energies, gradient};
  const auto voxels = mask.numel() / mask.size(0), frames = per_frame ? mask.size(1) : 1;
  const auto length = voxels / frames, pieces = (length + kPiece - 1) / kPiece;
  const AreaSizes sizes{static_cast<Index>(mask.size(0) * frames), static_cast<Index>(length),
                        static_cast<Index>(pieces)};
  const auto blocks = static_cast<std::int64_t>(sizes.groups) * sizes.pieces;
  AT_DISPATCH_FLOATING_TYPES(mask.scalar_type(), "fep::area_energy", [&] {
    const auto workspace = make_workspace<scalar_t>(sizes, mask.options());
    const auto* values = mask.const_data_ptr<scalar_t>();
    select_thresholds(sizes, areas, values, workspace);
    const auto* selections = static_cast<const Selection<scalar_t>*>(workspace.selections.const_data_ptr());
    auto* equals = workspace.equals.mutable_data_ptr<Index>();
    auto* parts = workspace.energies.mutable_data_ptr<double>();
    const double share = weight / static_cast<double>(voxels);
    for_each_block(blocks, CountEquals<scalar_t>{sizes, values, selections, equals});
    for_each_block(blocks, PullPiece<scalar_t>{sizes, static_cast<scalar_t>(2 * share), values, selections,
                                               equals, gradient.mutable_data_ptr<scalar_t>(), parts});
    for_each_block(mask.size(0), AddUpEnergy<scalar_t>{static_cast<Index>(frames * pieces), share, parts,
                                                       energies.mutable_data_ptr<scalar_t>()});
  });
  return {energies, gradient};
}

}  // namespace

TORCH_LIBRARY_IMPL(FEP_OPERATORS, FEP_DEVICE, library) {
  library.impl("area_energy_with_gradient", area_energy_with_gradient);
}

}  // namespace fep::cuda
