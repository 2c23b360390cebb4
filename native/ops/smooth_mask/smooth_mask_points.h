#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "ops/smooth_mask/smooth_mask_table.h"

namespace fep {

/// A control point that a cell looks at.
template <typename scalar>
struct Tap {
  std::int32_t place;       ///< its row of the tables, but for the cell's origin
  std::int32_t transposed;  ///< the same for a cell whose pixels are processed column by column
  std::int32_t point;       ///< index into the frame's parameters
  scalar value;             ///< p
};

template <typename scalar>
using Taps = std::span<const Tap<scalar>>;

/// The control points of one kind: those of a whole frame, those of them that a row of cells looks at, and
/// those of these around one cell.
///
/// Cells differ in their origin only, so taps are made once for a frame. A row of cells has its taps column
/// by column, so that each of its cells finds its own in one piece.
template <typename scalar>
class Points {
 public:
  explicit Points(const Generator<scalar>& generator)
      : generator_(generator),
        in_frame_(generator.points() + kBurst),
        before_(generator.columns.points * (generator.rows.points + 1)),
        in_row_(generator.columns.points * generator.table->taps + kBurst),
        before_column_(generator.columns.points + 1) {}

  /// Selects the points of a frame whose value is `wanted`.
  template <typename Wanted>
  void select(const scalar* parameters, const Wanted& wanted) {
    const auto rows = generator_.rows.points, columns = generator_.columns.points;
    std::int32_t selected = 0;
    for (std::int64_t x = 0; x < columns; ++x) {
      auto* before = &before_[x * (rows + 1)];
      for (std::int64_t y = 0; y < rows; ++y) {
        const auto point = y * columns + x;
        before[y] = selected;
        in_frame_[selected] = {static_cast<std::int32_t>(generator_.place(y, x)),
                               static_cast<std::int32_t>(generator_.place(x, y)),
                               static_cast<std::int32_t>(point), parameters[point]};
        selected += wanted(parameters[point]);
      }
      before[rows] = selected;
    }
  }

  /// Selects those of them that a row of cells looks at.
  void enter_row(std::int64_t cell_y) {
    const auto [begin, end] = in_reach(cell_y, generator_.rows);
    std::int32_t size = 0;
    for (std::int64_t x = 0; x < generator_.columns.points; ++x) {
      const auto* before = &before_[x * (generator_.rows.points + 1)];
      before_column_[x] = size;
      copy_run(before[begin], before[end], size);
      size += before[end] - before[begin];
    }
    before_column_.back() = size;
  }

  /// Selects those of these that one of its cells looks at.
  void gather(std::int64_t cell_x) {
    const auto [begin, end] = in_reach(cell_x, generator_.columns);
    around_ = std::span(in_row_).subspan(before_column_[begin], before_column_[end] - before_column_[begin]);
  }

  /// For a cell whose pixels are processed column by column, the last of its row: distances do not change
  /// when both axes are swapped, so the tables have those rows too.
  void transpose() {
    for (auto& tap : around_) tap.place = tap.transposed;
  }

  Taps<scalar> around() const { return around_; }

 private:
  /// Runs of taps are copied in whole bursts: that takes few branches.
  static constexpr std::int32_t kBurst = 4;

  void copy_run(std::int32_t first, std::int32_t last, std::int32_t to) {
    for (std::int32_t i = 0; i < last - first; i += kBurst) {
      std::memcpy(&in_row_[to + i], &in_frame_[first + i], kBurst * sizeof(Tap<scalar>));
    }
  }

  /// The first point along an axis that a cell looks at, and the one after the last.
  std::pair<std::int64_t, std::int64_t> in_reach(std::int64_t cell, const MaskAxis& axis) const {
    const auto first = cell - axis.pad;
    return {std::clamp<std::int64_t>(first, 0, axis.points),
            std::clamp<std::int64_t>(first + generator_.table->taps, 0, axis.points)};
  }

  const Generator<scalar>& generator_;
  std::vector<Tap<scalar>> in_frame_;  ///< column by column
  std::vector<std::int32_t> before_;   ///< for each column of points and each row: how many come before it
  std::vector<Tap<scalar>> in_row_;    ///< column by column
  std::vector<std::int32_t> before_column_;  ///< for each column of points: how many of these come before it
  std::span<Tap<scalar>> around_;
};

/// The control points around a cell, by their cost. Those with p = 0 only add 1 to the denominator.
template <typename scalar>
class Neighbours {
 public:
  explicit Neighbours(const Generator<scalar>& generator) : ones_(generator), others_(generator) {}

  void select(const scalar* parameters) {
    ones_.select(parameters, [](scalar p) { return p == 1; });
    others_.select(parameters, [](scalar p) { return p != 0 && p != 1; });
  }

  /// Selects those that a row of cells looks at.
  void enter_row(std::int64_t cell_y) {
    ones_.enter_row(cell_y);
    others_.enter_row(cell_y);
  }

  /// Selects those that one of its cells looks at.
  void gather(std::int64_t cell_x, bool transposed) {
    ones_.gather(cell_x);
    others_.gather(cell_x);
    if (!transposed) return;
    ones_.transpose();
    others_.transpose();
  }

  Taps<scalar> ones() const { return ones_.around(); }
  /// With any p but 0 and 1.
  Taps<scalar> others() const { return others_.around(); }
  std::int64_t size() const { return static_cast<std::int64_t>(ones().size() + others().size()); }

 private:
  Points<scalar> ones_, others_;
};

}  // namespace fep
