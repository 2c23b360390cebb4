#pragma once

// The inner loops of the mask generator, over the pixels of a cell. `n` is a multiple of kLanes; `origin`
// is the tables' row that the cell takes for its first tap.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "ops/common/multiversion.h"
#include "ops/smooth_mask/exponential2.h"
#include "ops/smooth_mask/smooth_mask_points.h"
#include "ops/smooth_mask/smooth_mask_table.h"

namespace fep {
namespace {

/// The rows of a table that a cell looks at.
template <typename scalar>
struct Rows {
  const scalar* first;
  std::int64_t pixels;

  Rows(const std::vector<scalar>& rows, std::int64_t origin, std::int64_t pixels)
      : first(rows.data() + origin * pixels), pixels(pixels) {}

  const scalar* of(const Tap<scalar>& tap) const { return first + tap.place * pixels; }
};

/// Adds x·2^x to the numerator and 2^x to the denominator for each tap, x = p·(s·k). Taps are taken in groups
/// of four, so that sums are loaded and stored once for all of them.
template <typename scalar>
FEP_INLINE void add_taps(const Rows<scalar>& exponent, Taps<scalar> taps, scalar* numerator,
                         scalar* denominator, std::int64_t n) {
  auto tap = taps.begin();
  for (; taps.end() - tap >= 4; tap += 4) {
    const scalar p0 = tap[0].value, p1 = tap[1].value, p2 = tap[2].value, p3 = tap[3].value;
    const auto *row0 = exponent.of(tap[0]), *row1 = exponent.of(tap[1]), *row2 = exponent.of(tap[2]),
               *row3 = exponent.of(tap[3]);
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
      const scalar x0 = p0 * row0[i], x1 = p1 * row1[i], x2 = p2 * row2[i], x3 = p3 * row3[i];
      const scalar e0 = exponential2(x0), e1 = exponential2(x1), e2 = exponential2(x2), e3 = exponential2(x3);
      numerator[i] += (x0 * e0 + x1 * e1) + (x2 * e2 + x3 * e3);
      denominator[i] += (e0 + e1) + (e2 + e3);
    }
  }
  for (; tap < taps.end(); ++tap) {
    const auto p = tap->value;
    const auto* row = exponent.of(*tap);
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
      const scalar x = p * row[i], power = exponential2(x);
      numerator[i] += x * power;
      denominator[i] += power;
    }
  }
}

/// Adds to `sums` the rows that a table has for the taps.
template <typename scalar>
FEP_INLINE void add_rows(const Rows<scalar>& table, Taps<scalar> taps, scalar* sums, std::int64_t n) {
  auto tap = taps.begin();
  for (; taps.end() - tap >= 4; tap += 4) {
    const auto *row0 = table.of(tap[0]), *row1 = table.of(tap[1]), *row2 = table.of(tap[2]),
               *row3 = table.of(tap[3]);
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) sums[i] += (row0[i] + row1[i]) + (row2[i] + row3[i]);
  }
  for (; tap < taps.end(); ++tap) {
    const auto* row = table.of(*tap);
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) sums[i] += row[i];
  }
}

template <typename scalar>
FEP_INLINE void sum_cell_body(const WeightTable<scalar>& table, std::int64_t origin,
                              const Neighbours<scalar>& around, scalar* numerator, scalar* denominator,
                              std::int64_t n) {
  add_rows(Rows(table.unit_numerator, origin, table.pixels), around.ones(), numerator, n);
  add_rows(Rows(table.unit_term, origin, table.pixels), around.ones(), denominator, n);
  add_taps(Rows(table.exponent, origin, table.pixels), around.others(), numerator, denominator, n);
}

/// m = Σ v·2^x / Σ 2^x for n pixels of a canvas; the numerator's v carry the factor s.
template <typename scalar>
FEP_INLINE void divide_body(const scalar* numerator, const scalar* denominator, scalar* mask,
                            std::int64_t n) {
#pragma omp simd
  for (std::int64_t i = 0; i < n; ++i) {
    const scalar m = numerator[i] / (denominator[i] * static_cast<scalar>(kSteepness));
    mask[i] = std::min(std::max(m, scalar(0)), scalar(1));
  }
}

// ∂(Σ g·m)/∂p of one point is Σ k·2^x·h·(1 + 20·(v − m)) over the pixels it reaches, h = g / denominator. In
// terms of the table's s·k and x that is Σ (s·k)·2^x·(a + b·x), with
//   a = h·(1 − 20·m) / s    and    b = h·20 / s².

/// a and b for n pixels of a canvas.
template <typename scalar>
FEP_INLINE void find_slopes_body(const scalar* upstream, const scalar* mask, const scalar* denominator,
                                 scalar* a, scalar* b, std::int64_t n) {
  constexpr auto s = static_cast<scalar>(kSteepness), coldness = static_cast<scalar>(kColdness);
#pragma omp simd
  for (std::int64_t i = 0; i < n; ++i) {
    const scalar h = upstream[i] / (denominator[i] * s);
    a[i] = h * (1 - coldness * mask[i]);
    b[i] = h * (coldness / s);
  }
}

/// Whether any of n slopes b is not 0, by their bits; where b is 0, so is a.
template <typename scalar>
FEP_INLINE bool any_nonzero_body(const scalar* b, std::int64_t n) {
  using Bits = std::conditional_t<sizeof(scalar) == sizeof(std::int32_t), std::int32_t, std::int64_t>;
  Bits any = 0;
#pragma omp simd reduction(| : any)
  for (std::int64_t i = 0; i < n; ++i) any |= std::bit_cast<Bits>(b[i]);
  return any != 0;
}

/// Adds to kLanes sums the terms term(at, p, i) of kVectors vectors of pixels, from pixel `first` on, which
/// the tables have at `row`.
template <int kVectors, typename scalar, typename Term>
FEP_INLINE void add_vectors(std::int64_t row, scalar p, std::int64_t first, scalar* sums, const Term& term) {
  const auto at = row + first;
#pragma omp simd
  for (std::int64_t i = 0; i < kLanes; ++i) {
    const auto j = i + kLanes, k = j + kLanes, l = k + kLanes;
    scalar even = term(at + i, p, first + i), odd = 0;  // apart, so that they need not wait for each other
    if constexpr (kVectors > 1) odd = term(at + j, p, first + j);
    if constexpr (kVectors > 2) even += term(at + k, p, first + k);
    if constexpr (kVectors > 3) odd += term(at + l, p, first + l);
    sums[i] += even + odd;
  }
}

/// Adds to the kLanes sums of each tap's point the terms of the cell's n pixels. Sums stay apart by lane
/// until a frame is done, so that no tap ends in a horizontal sum. Pixels are taken by four vectors, and what
/// is left at once.
template <typename scalar, typename Term>
FEP_INLINE void add_to_points(Taps<scalar> taps, std::int64_t pixels, scalar* sums, std::int64_t n,
                              const Term& term) {
  constexpr auto kStride = 4 * kLanes;
  const auto strides = n / kStride * kStride;
  for (const auto& tap : taps) {
    auto* sum = sums + tap.point * kLanes;
    const auto row = tap.place * pixels;
    std::int64_t first = 0;
    for (; first < strides; first += kStride) add_vectors<4>(row, tap.value, first, sum, term);
    switch ((n - strides) / kLanes) {
      case 3:
        add_vectors<3>(row, tap.value, first, sum, term);
        break;
      case 2:
        add_vectors<2>(row, tap.value, first, sum, term);
        break;
      case 1:
        add_vectors<1>(row, tap.value, first, sum, term);
        break;
    }
  }
}

template <typename scalar>
FEP_INLINE void add_gradients_body(const WeightTable<scalar>& table, std::int64_t origin, Taps<scalar> zeros,
                                   const Neighbours<scalar>& around, const scalar* a, const scalar* b,
                                   scalar* sums, std::int64_t n) {
  const auto pixels = table.pixels;
  const auto* exponent = Rows(table.exponent, origin, pixels).first;
  const auto* unit = Rows(table.unit_numerator, origin, pixels).first;
  add_to_points(zeros, pixels, sums, n, [=](std::int64_t at, scalar, std::int64_t i) FEP_INLINE_LAMBDA {
    return exponent[at] * a[i];
  });
  add_to_points(around.ones(), pixels, sums, n,
                [=](std::int64_t at, scalar, std::int64_t i)
                    FEP_INLINE_LAMBDA { return unit[at] * (a[i] + b[i] * exponent[at]); });
  add_to_points(around.others(), pixels, sums, n,
                [=](std::int64_t at, scalar p, std::int64_t i) FEP_INLINE_LAMBDA {
                  const scalar x = p * exponent[at];
                  return exponent[at] * exponential2(x) * (a[i] + b[i] * x);
                });
}

#define FEP_DEFINE_LOOPS(scalar)                                                                             \
  FEP_MULTIVERSION void sum_cell(const WeightTable<scalar>& table, std::int64_t origin,                      \
                                 const Neighbours<scalar>& around, scalar* numerator, scalar* denominator,   \
                                 std::int64_t n) {                                                           \
    sum_cell_body(table, origin, around, numerator, denominator, n);                                         \
  }                                                                                                          \
  FEP_MULTIVERSION void divide(const scalar* numerator, const scalar* denominator, scalar* mask,             \
                               std::int64_t n) {                                                             \
    divide_body(numerator, denominator, mask, n);                                                            \
  }                                                                                                          \
  FEP_MULTIVERSION void find_slopes(const scalar* upstream, const scalar* mask, const scalar* denominator,   \
                                    scalar* a, scalar* b, std::int64_t n) {                                  \
    find_slopes_body(upstream, mask, denominator, a, b, n);                                                  \
  }                                                                                                          \
  FEP_MULTIVERSION bool any_nonzero(const scalar* b, std::int64_t n) {                                       \
    return any_nonzero_body(b, n);                                                                           \
  }                                                                                                          \
  FEP_MULTIVERSION void add_gradients(const WeightTable<scalar>& table, std::int64_t origin,                 \
                                      Taps<scalar> zeros, const Neighbours<scalar>& around, const scalar* a, \
                                      const scalar* b, scalar* sums, std::int64_t n) {                       \
    add_gradients_body(table, origin, zeros, around, a, b, sums, n);                                         \
  }

FEP_DEFINE_LOOPS(float)
FEP_DEFINE_LOOPS(double)
#undef FEP_DEFINE_LOOPS

}  // namespace
}  // namespace fep
