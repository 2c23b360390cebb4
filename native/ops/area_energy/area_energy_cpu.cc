// CPU kernel of the area energy: the threshold is selected, then one pass over the mask gives energy and
// gradient. See area_energy.h.

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <torch/library.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <tuple>
#include <vector>

#include "ops/area_energy/area_energy.h"
#include "ops/area_energy/ranked_value.h"
#include "ops/common/energy_checks.h"
#include "ops/common/multiversion.h"
#include "ops/common/pieces.h"

namespace fep {
namespace {

/// What a pass over some values finds.
struct Pulled {
  double energy = 0;        ///< Σ (v − r)²
  std::int32_t equals = 0;  ///< how many equal the threshold
};

/// Pulls values beyond the threshold to 1, r = [v > threshold], with the gradient 2·scale·(v − r).
template <typename scalar>
FEP_INLINE Pulled pull_body(const scalar* values, scalar threshold, scalar scale, scalar* gradient,
                            std::int64_t n) {
  double energy = 0;
  std::int32_t equals = 0;
#pragma omp simd reduction(+ : energy, equals)
  for (std::int64_t i = 0; i < n; ++i) {
    const scalar residual = values[i] - (values[i] > threshold ? scalar(1) : scalar(0));
    gradient[i] = scale * residual;
    energy += static_cast<double>(residual) * static_cast<double>(residual);
    equals += values[i] == threshold;
  }
  return {energy, equals};
}

#define FEP_DEFINE_LOOPS(scalar)                                                                     \
  FEP_MULTIVERSION Pulled pull(const scalar* v, scalar t, scalar scale, scalar* g, std::int64_t n) { \
    return pull_body(v, t, scale, g, n);                                                             \
  }

FEP_DEFINE_LOOPS(float)
FEP_DEFINE_LOOPS(double)
#undef FEP_DEFINE_LOOPS

/// One budget over n values; `scale` is what the mean contributes to the gradient.
template <typename scalar>
struct Budget {
  const scalar* values;
  std::int64_t n;
  scalar scale;
  scalar* gradient;

  double energy(double area) const {
    const auto zeros = static_cast<std::int64_t>(static_cast<double>(n) * (1 - area));
    // With zeros == n nothing is pulled to 1, as if the threshold were beyond every value.
    const auto [threshold, ones] = zeros < n
                                       ? value_of_rank(values, n, zeros)
                                       : RankedValue<scalar>{std::numeric_limits<scalar>::infinity(), 0};
    std::vector<Pulled> pulled(pieces_of(n));
    for_each_piece(n,
                   [&, threshold = threshold](std::int64_t piece, std::int64_t begin, std::int64_t length) {
                     pulled[piece] = pull(values + begin, threshold, scale, gradient + begin, length);
                   });
    double sum = 0;
    for (const auto& piece : pulled) sum += piece.energy;
    return sum + pull_last_equals(threshold, ones, pulled);
  }

 private:
  /// pull() treats values that equal the threshold as zeros: pulls the last `ones` of them to 1, and returns
  /// the change in energy.
  double pull_last_equals(scalar threshold, std::int64_t ones, const std::vector<Pulled>& pulled) const {
    auto left = ones;
    for (auto piece = pieces_of(n); left > 0 && piece-- > 0;) {
      if (pulled[piece].equals == 0) continue;
      for (auto i = std::min((piece + 1) * kPiece, n); left > 0 && i-- > piece * kPiece;) {
        if (values[i] != threshold) continue;
        gradient[i] = scale * (threshold - 1);
        --left;
      }
    }
    if (ones == 0) return 0;
    const auto square = [](scalar residual) { return static_cast<double>(residual * residual); };
    return static_cast<double>(ones) * (square(threshold - 1) - square(threshold));
  }
};

std::tuple<at::Tensor, at::Tensor> area_energy_with_gradient_cpu(const at::Tensor& mask_in,
                                                                 at::ArrayRef<double> areas, bool per_frame,
                                                                 double weight) {
  check_masks_and_areas(mask_in, areas);
  const auto mask = mask_in.contiguous();
  auto gradient = at::empty_like(mask);
  auto energies = at::zeros({mask.size(0)}, mask.options());
  const auto voxels = mask.size(1) * mask.size(2) * mask.size(3);
  const auto groups = per_frame ? mask.size(1) : 1;
  AT_DISPATCH_FLOATING_TYPES(mask.scalar_type(), "fep::area_energy", [&] {
    for (std::int64_t n = 0; n < mask.size(0); ++n) {
      double energy = 0;
      for (std::int64_t group = 0; group < groups; ++group) {
        const auto offset = n * voxels + group * (voxels / groups);
        const Budget<scalar_t> budget{mask.const_data_ptr<scalar_t>() + offset, voxels / groups,
                                      static_cast<scalar_t>(2 * weight / static_cast<double>(voxels)),
                                      gradient.mutable_data_ptr<scalar_t>() + offset};
        energy += budget.energy(areas[n]);
      }
      energies.mutable_data_ptr<scalar_t>()[n] =
          static_cast<scalar_t>(energy * weight / static_cast<double>(voxels));
    }
  });
  return {energies, gradient};
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CPU, library) {
  library.impl("area_energy_with_gradient", area_energy_with_gradient_cpu);
}

}  // namespace fep
