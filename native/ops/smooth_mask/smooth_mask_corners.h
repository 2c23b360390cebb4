#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "ops/common/multiversion.h"
#include "ops/smooth_mask/exponential2.h"
#include "ops/smooth_mask/smooth_mask_strip.h"
#include "ops/smooth_mask/smooth_mask_table.h"

namespace fep {
namespace {

/// The terms of one tap at n cells; smooth_mask_loops.h says what the sums are.
template <typename scalar>
FEP_INLINE void sum_corners_body(const scalar* p, scalar k, scalar* numerator, scalar* denominator,
                                 std::int64_t n) {
#pragma omp simd
  for (std::int64_t i = 0; i < n; ++i) {
    const scalar x = p[i] * k, power = exponential2(x);
    numerator[i] += x * power;
    denominator[i] += power;
  }
}

template <typename scalar>
FEP_INLINE void add_corners_body(const scalar* p, scalar k, const scalar* a, const scalar* b, scalar* sums,
                                 std::int64_t n) {
#pragma omp simd
  for (std::int64_t i = 0; i < n; ++i) {
    const scalar x = p[i] * k;
    sums[i] += k * exponential2(x) * (a[i] + b[i] * x);
  }
}

#define FEP_DEFINE_CORNERS(scalar)                                                                     \
  FEP_MULTIVERSION void sum_corners(const scalar* p, scalar k, scalar* numerator, scalar* denominator, \
                                    std::int64_t n) {                                                  \
    sum_corners_body(p, k, numerator, denominator, n);                                                 \
  }                                                                                                    \
  FEP_MULTIVERSION void add_corners(const scalar* p, scalar k, const scalar* a, const scalar* b,       \
                                    scalar* sums, std::int64_t n) {                                    \
    add_corners_body(p, k, a, b, sums, n);                                                             \
  }

FEP_DEFINE_CORNERS(float)
FEP_DEFINE_CORNERS(double)
#undef FEP_DEFINE_CORNERS

/// The last pixel of each whole cell, where it would be alone in a vector, as with a step of 7 or 9. The
/// corners of all cells in a row are processed at once, in vectors of cells. Points off the grid are treated
/// as points with p = 0.
template <typename scalar>
class Corners {
 public:
  static bool are_apart(std::int64_t step) { return step > 1 && step * step % kLanes == 1; }

  explicit Corners(const Generator<scalar>& generator)
      : generator_(generator),
        cells_(round_up(generator.columns.cells, kLanes)),
        width_(cells_ + generator.table->taps - 1),
        points_(generator.rows.points * width_),
        sums_(points_),
        first_(cells_),
        second_(cells_) {
    const auto& table = *generator.table;
    const auto last = generator.step * generator.step - 1;
    for (auto at = last; at < static_cast<std::int64_t>(table.exponent.size()); at += table.pixels) {
      exponents_.push_back(table.exponent[at]);
    }
  }

  void select(const scalar* parameters) {
    const auto& [rows, columns, step, table] = generator_;
    for (std::int64_t y = 0; y < rows.points; ++y) {
      std::copy_n(parameters + y * columns.points, columns.points, &points_[y * width_ + columns.pad]);
    }
  }

  /// Sums of the corners of a row of cells.
  void sum(std::int64_t cell_y, Strip<scalar>& numerators, Strip<scalar>& denominators) {
    std::fill(first_.begin(), first_.end(), scalar(0));
    std::fill(second_.begin(), second_.end(), scalar(0));
    const auto taken = for_each_tap(cell_y, [&](std::int64_t at, scalar k) {
      sum_corners(&points_[at], k, first_.data(), second_.data(), cells_);
    });
    const auto idle = static_cast<scalar>(static_cast<std::int64_t>(exponents_.size()) - taken);
    for (std::int64_t x = 0; x + 1 < generator_.columns.cells; ++x) {
      corner(numerators, x) = first_[x];
      corner(denominators, x) = second_[x] + idle;
    }
  }

  /// Adds the gradients from the corners of a row of cells to the points.
  void add(std::int64_t cell_y, Strip<scalar>& as, Strip<scalar>& bs) {
    for (std::int64_t x = 0; x + 1 < generator_.columns.cells; ++x) {
      first_[x] = corner(as, x);
      second_[x] = corner(bs, x);
    }
    first_[generator_.columns.cells - 1] = second_[generator_.columns.cells - 1] = 0;
    for_each_tap(cell_y, [&](std::int64_t at, scalar k) {
      add_corners(&points_[at], k, first_.data(), second_.data(), &sums_[at], cells_);
    });
  }

  /// Adds the sums of a frame to its gradient, and resets them for the next frame.
  void put(scalar* gradient) {
    const auto& [rows, columns, step, table] = generator_;
    for (std::int64_t y = 0; y < rows.points; ++y) {
      for (std::int64_t x = 0; x < columns.points; ++x) {
        gradient[y * columns.points + x] += sums_[y * width_ + columns.pad + x];
      }
    }
    std::fill(sums_.begin(), sums_.end(), scalar(0));
  }

 private:
  /// Calls body(where the first cell's point is, its exponent for p = 1) for the taps whose points lie in the
  /// grid's rows. Returns how many these are.
  template <typename Body>
  std::int64_t for_each_tap(std::int64_t cell_y, const Body& body) const {
    const auto top = cell_y - generator_.rows.pad, taps = generator_.table->taps;
    const auto begin = std::max<std::int64_t>(-top, 0), end = std::min(taps, generator_.rows.points - top);
    for (auto y = begin; y < end; ++y) {
      for (std::int64_t x = 0; x < taps; ++x) body((top + y) * width_ + x, exponents_[y * taps + x]);
    }
    return std::max<std::int64_t>(end - begin, 0) * taps;
  }

  scalar& corner(Strip<scalar>& strip, std::int64_t cell_x) const {
    return strip.row(generator_.step - 1)[(cell_x + 1) * generator_.step - 1];
  }

  const Generator<scalar>& generator_;
  std::int64_t cells_, width_;         ///< of a row: whole vectors; and the points that they look at
  std::vector<scalar> exponents_;      ///< s·k of each tap
  std::vector<scalar> points_, sums_;  ///< p, 0 off the grid; and sums of their gradients
  std::vector<scalar> first_, second_;
};

}  // namespace
}  // namespace fep
