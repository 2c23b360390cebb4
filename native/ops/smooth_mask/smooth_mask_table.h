#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <numbers>
#include <utility>
#include <vector>

#include "ops/smooth_mask/exponential2.h"
#include "ops/smooth_mask/smooth_mask.h"

namespace fep {

constexpr double kColdness = 20;
constexpr double kSteepness = kColdness * std::numbers::log2e;  ///< s

/// Inner loops run over whole vectors of 16 floats, so that they have no remainder.
constexpr std::int64_t kLanes = 16;

constexpr std::int64_t round_up(std::int64_t n, std::int64_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

template <typename scalar>
struct WeightTable {
  std::int64_t taps;                   ///< control points a pixel looks at, along one axis: 2·radius+1
  std::int64_t pixels;                 ///< step², padded to whole vectors
  std::vector<scalar> exponent;        ///< s·k(d/σ), taps² × pixels; 0 in the padding
  std::vector<scalar> unit_term;       ///< 2^exponent, what a point with p = 1 adds to the denominator
  std::vector<scalar> unit_numerator;  ///< exponent·2^exponent, what it adds to the numerator

  WeightTable(const MaskAxis& axis, std::int64_t step, double sigma)
      : taps(2 * axis.radius + 1), pixels(round_up(step * step, kLanes)) {
    exponent.assign(taps * taps * pixels, 0);
    // Distance along one axis from offset `o` inside a cell to tap `t`: the cell's origin cancels out.
    const auto distance = [&](std::int64_t o, std::int64_t t) {
      return static_cast<double>(o) - (sigma + static_cast<double>(step * (t - axis.pad)));
    };
    for (std::int64_t tap = 0; tap < taps * taps; ++tap) {
      for (std::int64_t pixel = 0; pixel < step * step; ++pixel) {
        const double d = std::hypot(distance(pixel / step, tap / taps), distance(pixel % step, tap % taps));
        const double beyond = std::max(d / sigma - 0.5, 0.0);
        exponent[tap * pixels + pixel] = static_cast<scalar>(kSteepness * std::exp(-2 * beyond * beyond));
      }
    }
    for (const auto x : exponent) {
      unit_term.push_back(exponential2(x));
      unit_numerator.push_back(x * unit_term.back());
    }
  }
};

/// The table of one (step, sigma), made once and cached: a loop of thousands of iterations uses the same one.
template <typename scalar>
std::shared_ptr<const WeightTable<scalar>> weight_table(const MaskAxis& axis, std::int64_t step,
                                                        double sigma) {
  static std::mutex mutex;
  static std::map<std::pair<std::int64_t, double>, std::shared_ptr<const WeightTable<scalar>>> tables;
  constexpr std::size_t kMostTables = 16;
  const std::lock_guard lock(mutex);
  if (tables.size() > kMostTables) tables.clear();
  auto& table = tables[{step, sigma}];
  if (!table) table = std::make_shared<const WeightTable<scalar>>(axis, step, sigma);
  return table;
}

/// Sizes and table of one call.
template <typename scalar>
struct Generator {
  MaskAxis rows, columns;
  std::int64_t step;
  std::shared_ptr<const WeightTable<scalar>> table;

  Generator(const MaskAxis& rows, const MaskAxis& columns, std::int64_t step, double sigma)
      : rows(rows), columns(columns), step(step), table(weight_table<scalar>(rows, step, sigma)) {}

  std::int64_t points() const { return rows.points * columns.points; }
  std::int64_t pixels() const { return rows.canvas * columns.canvas; }

  /// Which row of the tables cell (0, 0) would take for a point that is its first tap's (y, x)-th neighbour.
  std::int64_t place(std::int64_t y, std::int64_t x) const { return y * table->taps + x; }
};

}  // namespace fep
