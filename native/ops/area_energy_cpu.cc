// CPU kernel of the area energy: a histogram finds the bin that holds the threshold, nth_element finds the
// threshold inside it, one pass over the mask gives energy and gradient. See area_energy.h.

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "area_energy.h"
#include "energy_checks.h"
#include "multiversion.h"

namespace fep {
namespace {

constexpr std::int32_t kBins = 1024;

/// Values are handled in pieces of this many. The pieces do not depend on the number of threads, so neither
/// does the order of any sum: results are the same on one thread and on many.
constexpr std::int64_t kPiece = 1 << 14;

/// Values are counted in this many histograms by turns. Most values of a mask lie in the first bin, and to
/// raise one counter again and again each time waits for the last.
constexpr std::int64_t kTurns = 4;

using Bin = std::uint16_t;
using Histogram = std::array<std::int32_t, kBins>;

/// Bin of a value; monotonic, so that bins are ordered as their values are. Values outside [0, 1], and NaN,
/// go to the first or last bin.
template <typename scalar>
FEP_INLINE Bin bin_of(scalar value) {
  const scalar clamped = value > 0 ? (value < 1 ? value : scalar(1)) : scalar(0);
  return static_cast<Bin>(static_cast<std::int32_t>(clamped * (kBins - 1)));
}

template <typename scalar>
FEP_INLINE void find_bins_body(const scalar* values, Bin* bins, std::int64_t n) {
#pragma omp simd
  for (std::int64_t i = 0; i < n; ++i) bins[i] = bin_of(values[i]);
}

/// Σ (v − r)² and 2·scale·(v − r) for values away from the threshold; r = [v > threshold].
template <typename scalar>
FEP_INLINE double pull_body(const scalar* values, scalar threshold, scalar scale, scalar* gradient,
                            std::int64_t n) {
  double energy = 0;
#pragma omp simd reduction(+ : energy)
  for (std::int64_t i = 0; i < n; ++i) {
    const scalar residual = values[i] - (values[i] > threshold ? scalar(1) : scalar(0));
    gradient[i] = scale * residual;
    energy += static_cast<double>(residual) * static_cast<double>(residual);
  }
  return energy;
}

#define FEP_DEFINE_LOOPS(scalar)                                                                     \
  FEP_MULTIVERSION void find_bins(const scalar* v, Bin* bins, std::int64_t n) {                      \
    find_bins_body(v, bins, n);                                                                      \
  }                                                                                                  \
  FEP_MULTIVERSION double pull(const scalar* v, scalar t, scalar scale, scalar* g, std::int64_t n) { \
    return pull_body(v, t, scale, g, n);                                                             \
  }

FEP_DEFINE_LOOPS(float)
FEP_DEFINE_LOOPS(double)
#undef FEP_DEFINE_LOOPS

/// Calls body(piece, begin, length) for every piece of n values, in parallel.
template <typename Body>
void for_each_piece(std::int64_t n, const Body& body) {
  const auto pieces = (n + kPiece - 1) / kPiece;
  at::parallel_for(0, pieces, 1, [&](std::int64_t first, std::int64_t last) {
    for (auto piece = first; piece < last; ++piece) {
      body(piece, piece * kPiece, std::min(kPiece, n - piece * kPiece));
    }
  });
}

Histogram count(const Bin* bins, std::int64_t n) {
  std::array<Histogram, kTurns> turns{};
  for (std::int64_t i = 0; i < n; ++i) ++turns[i % kTurns][bins[i]];
  for (std::int64_t turn = 1; turn < kTurns; ++turn) {
    for (std::int32_t bin = 0; bin < kBins; ++bin) turns[0][bin] += turns[turn][bin];
  }
  return turns[0];
}

/// Appends the positions [begin, end) that hold `bin`. They are few: most of the search is over whole
/// stretches without any.
void append_positions(const Bin* bins, std::int64_t begin, std::int64_t end, Bin bin,
                      std::vector<std::int64_t>& positions) {
  constexpr std::int64_t kStretch = 64;
  for (auto from = begin; from < end; from += kStretch) {
    const auto to = std::min(from + kStretch, end);
    bool any = false;
#pragma omp simd reduction(| : any)
    for (auto i = from; i < to; ++i) any |= bins[i] == bin;
    if (!any) continue;
    for (auto i = from; i < to; ++i) {
      if (bins[i] == bin) positions.push_back(i);
    }
  }
}

/// Positions of the values in the bin that holds rank `zeros` (0-based, ascending), in order, and how many
/// values lie in lower bins.
struct Candidates {
  std::vector<std::int64_t> positions;
  std::int64_t below = 0;
};

template <typename scalar>
Candidates find_candidates(const scalar* values, std::int64_t n, std::int64_t zeros) {
  const auto pieces = (n + kPiece - 1) / kPiece;
  std::vector<Histogram> histograms(pieces);
  const auto bins = std::make_unique_for_overwrite<Bin[]>(n);
  for_each_piece(n, [&](std::int64_t piece, std::int64_t begin, std::int64_t length) {
    find_bins(values + begin, &bins[begin], length);
    histograms[piece] = count(&bins[begin], length);
  });
  Candidates found;
  Bin bin = 0;
  for (;; ++bin) {
    std::int64_t here = 0;
    for (const auto& histogram : histograms) here += histogram[bin];
    if (found.below + here > zeros) break;
    found.below += here;
  }
  std::vector<std::vector<std::int64_t>> positions(pieces);
  for_each_piece(n, [&](std::int64_t piece, std::int64_t begin, std::int64_t length) {
    if (histograms[piece][bin] == 0) return;
    positions[piece].reserve(histograms[piece][bin]);
    append_positions(bins.get(), begin, begin + length, bin, positions[piece]);
  });
  for (const auto& part : positions) {
    found.positions.insert(found.positions.end(), part.begin(), part.end());
  }
  return found;
}

/// The value of rank `zeros`, and where its equals are that have that rank or a higher one.
template <typename scalar>
struct Threshold {
  scalar value;
  std::vector<std::int64_t> equals_from;
};

template <typename scalar>
Threshold<scalar> select(const scalar* values, std::int64_t n, std::int64_t zeros) {
  auto found = find_candidates(values, n, zeros);
  // In a mask that has settled many values are 1, and the threshold is one of them: nothing is to be ordered.
  const auto value = values[found.positions.front()];
  const auto is_value = [&](std::int64_t i) { return values[i] == value; };
  if (std::all_of(found.positions.begin(), found.positions.end(), is_value)) {
    found.positions.erase(found.positions.begin(), found.positions.begin() + (zeros - found.below));
    return {value, std::move(found.positions)};
  }
  std::vector<scalar> candidates;
  candidates.reserve(found.positions.size());
  for (const auto i : found.positions) {
    // NaN would break the ordering that nth_element relies on.
    candidates.push_back(values[i] == values[i] ? values[i] : scalar(0));
  }
  const auto ranked = candidates.begin() + (zeros - found.below);
  std::nth_element(candidates.begin(), ranked, candidates.end());
  Threshold<scalar> threshold{*ranked, {}};
  for (const auto i : found.positions) {
    if (values[i] == threshold.value) threshold.equals_from.push_back(i);
  }
  const auto smaller = std::count_if(candidates.begin(), ranked, [&](scalar c) { return c < *ranked; });
  const auto first = std::min<std::int64_t>(ranked - candidates.begin() - smaller,
                                            static_cast<std::int64_t>(threshold.equals_from.size()));
  threshold.equals_from.erase(threshold.equals_from.begin(), threshold.equals_from.begin() + first);
  return threshold;
}

/// Energy and gradient of one budget over n values; `scale` is what the mean contributes to the gradient.
template <typename scalar>
double energy_of_group(const scalar* values, std::int64_t n, double area, scalar scale, scalar* gradient) {
  const auto zeros = static_cast<std::int64_t>(static_cast<double>(n) * (1 - area));
  // With zeros == n nothing is pulled to 1, as if the threshold were beyond every value.
  const auto threshold = zeros < n ? select(values, n, zeros) : Threshold<scalar>{scalar(2), {}};
  const scalar value = threshold.value;
  std::vector<double> energies((n + kPiece - 1) / kPiece);
  for_each_piece(n, [&](std::int64_t piece, std::int64_t begin, std::int64_t length) {
    energies[piece] = pull(values + begin, value, scale, gradient + begin, length);
  });
  // pull() took the threshold's equals for zeros; the last of them are ones.
  for (const auto i : threshold.equals_from) gradient[i] = scale * (value - 1);
  const auto correction = static_cast<double>((value - 1) * (value - 1)) - static_cast<double>(value * value);
  return std::accumulate(energies.begin(), energies.end(), 0.0) +
         correction * static_cast<double>(threshold.equals_from.size());
}

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
        energy += energy_of_group(mask.const_data_ptr<scalar_t>() + offset, voxels / groups, areas[n],
                                  static_cast<scalar_t>(2 * weight / static_cast<double>(voxels)),
                                  gradient.mutable_data_ptr<scalar_t>() + offset);
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
