#pragma once

#include "ops/cuda/block.cuh"

namespace fep::cuda {

/// One axis of a call of the mask generator; see MaskAxis.
struct AxisSizes {
  Index points, canvas;
};

/// First and past-the-last of some indices.
struct Range {
  Index first, last;
};

/// Sizes of one call. `table` is one of a WeightTable's: taps² × table_pixels.
struct MaskSizes {
  AxisSizes rows, columns;
  Index step, taps, pad, table_pixels;

  FEP_HOST_DEVICE Index points() const { return rows.points * columns.points; }
  FEP_HOST_DEVICE Index pixels() const { return rows.canvas * columns.canvas; }

  /// The control points on the grid that the pixel at canvas coordinate u looks at.
  FEP_HOST_DEVICE Range points_around(const AxisSizes& axis, Index u) const {
    const Index first = u / step - pad;
    return {larger<Index>(first, 0), smaller(first + taps, axis.points)};
  }

  /// The pixels of the canvas that look at a control point: the same relation, seen from the other side.
  FEP_HOST_DEVICE Range pixels_around(const AxisSizes& axis, Index point) const {
    const Index last_cell = point + pad;
    return {larger<Index>(0, (last_cell - taps + 1) * step), smaller((last_cell + 1) * step, axis.canvas)};
  }

  /// Where the table has s·k(d/σ) for the pixel (y, x) and the point (row, column) of its neighbourhood.
  FEP_HOST_DEVICE Index in_table(Index y, Index x, Index row, Index column) const {
    const Index tap = (row - (y / step - pad)) * taps + column - (x / step - pad);
    return tap * table_pixels + y % step * step + x % step;
  }
};

/// One pixel of a canvas: m = Σ v·2^x / Σ 2^x, x = p·(s·k) = s·v. Points off the grid add 2^0 to the
/// denominator.
template <typename scalar>
struct MakeMaskPixel {
  MaskSizes sizes;
  scalar steepness;     ///< s
  const scalar* table;  ///< s·k
  const scalar* parameters;
  scalar *canvas, *denominator;

  FEP_HOST_DEVICE void operator()(Index i) const {
    const Index x = i % sizes.columns.canvas, y = i / sizes.columns.canvas % sizes.rows.canvas;
    const auto* p = parameters + i / sizes.pixels() * sizes.points();
    const auto rows = sizes.points_around(sizes.rows, y), columns = sizes.points_around(sizes.columns, x);
    const Index across = larger<Index>(columns.last - columns.first, 0);
    const Index off_grid = sizes.taps * sizes.taps - larger<Index>(rows.last - rows.first, 0) * across;
    scalar numerator = 0, sum = static_cast<scalar>(off_grid);
    for (Index row = rows.first; row < rows.last; ++row) {
      for (Index column = columns.first; column < columns.last; ++column) {
        const scalar exponent =
            p[row * sizes.columns.points + column] * table[sizes.in_table(y, x, row, column)];
        const scalar term = power_of_2(exponent);
        numerator += exponent * term;
        sum += term;
      }
    }
    const scalar m = numerator / (sum * steepness);
    canvas[i] = smaller(larger(m, scalar(0)), scalar(1));
    denominator[i] = sum;
  }
};

/// One control point's gradient, Σ (s·k)·2^x·(a + b·x) over the pixels that look at it; a and b as in
/// smooth_mask_loops.h. A block gathers it, so nothing is added to by two threads.
template <typename scalar>
struct GatherPointGradient {
  static constexpr int kThreads = 128;
  struct Shared {
    scalar sums[kThreads];
  };

  MaskSizes sizes;
  scalar steepness, coldness;
  const scalar* table;
  const scalar *upstream, *parameters, *canvas, *denominator;
  scalar* gradient;

  FEP_HOST_DEVICE void operator()(const Block<kThreads>& block, Shared& shared, Index i) const {
    auto* sums = shared.sums;
    block.each_thread([&, sums](Index thread) { sums[thread] = part_of(i, thread); });
    block.add_up(sums);
    block.each_thread([&, sums](Index thread) {
      if (thread == 0) gradient[i] = sums[0];
    });
  }

 private:
  /// What every kThreads-th pixel adds.
  FEP_HOST_DEVICE scalar part_of(Index i, Index thread) const {
    const Index point = i % sizes.points(), first_pixel = i / sizes.points() * sizes.pixels();
    const Index row = point / sizes.columns.points, column = point % sizes.columns.points;
    const auto rows = sizes.pixels_around(sizes.rows, row);
    const auto columns = sizes.pixels_around(sizes.columns, column);
    const Index width = larger<Index>(columns.last - columns.first, 0);
    const Index pixels = larger<Index>(rows.last - rows.first, 0) * width;
    const scalar p = parameters[i];
    scalar sum = 0;
    for (Index pixel = thread; pixel < pixels; pixel += kThreads) {
      const Index y = rows.first + pixel / width, x = columns.first + pixel % width;
      const Index at = first_pixel + y * sizes.columns.canvas + x;
      if (upstream[at] == 0) continue;
      const scalar h = upstream[at] / (denominator[at] * steepness);
      const scalar a = h * (1 - coldness * canvas[at]), b = h * (coldness / steepness);
      const scalar weight = table[sizes.in_table(y, x, row, column)], exponent = p * weight;
      sum += weight * power_of_2(exponent) * (a + b * exponent);
    }
    return sum;
  }
};

}  // namespace fep::cuda
