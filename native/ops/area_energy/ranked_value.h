#pragma once

// Finds the value of a given rank without sorting: a sample tells roughly where it lies; one pass over all
// values counts those below that bracket and collects those inside it, which are few; these are partitioned.
// NaN counts as lower than anything.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <vector>

#include "ops/common/multiversion.h"
#include "ops/common/pieces.h"

namespace fep {
namespace {

/// The value of some rank (0-based, ascending), and how many of the values equal to it have that rank or a
/// higher one.
template <typename scalar>
struct RankedValue {
  scalar value;
  std::int64_t equals_from;
};

template <typename scalar>
struct Bracket {
  scalar low, high;  ///< both inside

  static Bracket everything() {
    constexpr auto kInfinity = std::numeric_limits<scalar>::infinity();
    return {-kInfinity, kInfinity};
  }
};

/// How many of some values lie below a bracket, and how many inside.
struct Census {
  std::int64_t below = 0, inside = 0;
};

/// Counts n values, and appends those inside the bracket to `candidates` unless that is null: they come in
/// clusters, and most stretches have none.
template <typename scalar>
FEP_INLINE Census take_census_body(const scalar* values, Bracket<scalar> bracket, scalar* candidates,
                                   std::int64_t n) {
  constexpr std::int64_t kStretch = 32;
  // Names of their own: clang's OpenMP takes no structured binding.
  const scalar low = bracket.low, high = bracket.high;
  Census census;
  for (std::int64_t first = 0; first < n; first += kStretch) {
    const auto length = std::min(kStretch, n - first);
    const auto* stretch = values + first;
    std::int32_t from_low = 0, inside = 0;
#pragma omp simd reduction(+ : from_low, inside)
    for (std::int64_t i = 0; i < length; ++i) {
      from_low += stretch[i] >= low;
      inside += (stretch[i] >= low) & (stretch[i] <= high);
    }
    census.below += length - from_low;
    census.inside += inside;
    if (candidates == nullptr || inside == 0) continue;
    for (std::int64_t i = 0; i < length; ++i) {
      *candidates = stretch[i];
      candidates += (stretch[i] >= low) & (stretch[i] <= high);
    }
  }
  return census;
}

#define FEP_DEFINE_LOOPS(scalar)                                                                     \
  FEP_MULTIVERSION Census take_census(const scalar* values, Bracket<scalar> bracket, scalar* inside, \
                                      std::int64_t n) {                                              \
    return take_census_body(values, bracket, inside, n);                                             \
  }

FEP_DEFINE_LOOPS(float)
FEP_DEFINE_LOOPS(double)
#undef FEP_DEFINE_LOOPS

/// Values around a rank, from a sample: wide enough that the rank lies outside once in a few hundred
/// times.
template <typename scalar>
Bracket<scalar> guess_bracket(const scalar* values, std::int64_t n, std::int64_t rank) {
  constexpr std::int64_t kSample = 2048;
  if (n < 2 * kSample) return Bracket<scalar>::everything();
  // Scattered by multiples of the golden ratio, so that they do not align with patterns of a mask's rows.
  constexpr std::uint64_t kScatter = 0x9E3779B97F4A7C15;
  std::vector<scalar> sample;
  sample.reserve(kSample);
  for (std::uint64_t i = 0; i < kSample; ++i) {
    const auto value = values[((i * kScatter) >> 32) * static_cast<std::uint64_t>(n) >> 32];
    sample.push_back(value == value ? value : Bracket<scalar>::everything().low);
  }
  const auto share = static_cast<double>(rank) / static_cast<double>(n);
  const auto margin = 2 + 3 * std::sqrt(kSample * share * (1 - share));
  const auto at = [&](double place) {
    return sample.begin() + std::clamp<std::int64_t>(std::llround(place), 0, kSample - 1);
  };
  const auto low = at(kSample * share - margin), high = at(kSample * share + margin);
  std::nth_element(sample.begin(), high, sample.end());
  std::nth_element(sample.begin(), low, std::next(high));
  return {*low, *high};
}

/// What one pass over the values finds of a bracket.
template <typename scalar>
struct Survey {
  Census census;
  std::vector<scalar> candidates;  ///< those inside, unless they are all equal
};

template <typename scalar>
Survey<scalar> survey(const scalar* values, std::int64_t n, Bracket<scalar> bracket) {
  const bool all_equal = bracket.low == bracket.high;
  std::vector<Census> censuses(pieces_of(n));
  std::vector<std::vector<scalar>> parts(pieces_of(n));
  for_each_piece(n, [&](std::int64_t piece, std::int64_t begin, std::int64_t length) {
    // Few are inside, but how many is not known. One more: the loop writes a value before it knows whether to
    // keep it.
    std::array<scalar, kPiece + 1> inside;
    censuses[piece] = take_census(values + begin, bracket, all_equal ? nullptr : inside.data(), length);
    if (!all_equal) parts[piece].assign(inside.begin(), inside.begin() + censuses[piece].inside);
  });
  Survey<scalar> found;
  for (const auto& census : censuses) {
    found.census.below += census.below;
    found.census.inside += census.inside;
  }
  for (const auto& part : parts) {
    found.candidates.insert(found.candidates.end(), part.begin(), part.end());
  }
  return found;
}

/// `rank` in [0, n).
template <typename scalar>
RankedValue<scalar> value_of_rank(const scalar* values, std::int64_t n, std::int64_t rank) {
  auto bracket = guess_bracket(values, n, rank);
  auto found = survey(values, n, bracket);
  const auto is_inside = [&] {
    return found.census.below <= rank && rank < found.census.below + found.census.inside;
  };
  if (!is_inside()) {
    bracket = Bracket<scalar>::everything();
    found = survey(values, n, bracket);
    if (!is_inside()) return {bracket.low, 0};  // a NaN has that rank
  }
  const auto last = found.census.below + found.census.inside;
  // In a mask that has settled many values are 1, and this is one of them: there is nothing to partition.
  if (found.candidates.empty()) return {bracket.low, last - rank};
  auto& candidates = found.candidates;
  const auto ranked = candidates.begin() + (rank - found.census.below);
  std::nth_element(candidates.begin(), ranked, candidates.end());
  const auto value = *ranked;
  return {value, std::count(ranked, candidates.end(), value)};
}

}  // namespace
}  // namespace fep
