#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "smooth_mask_table.h"

namespace fep {

/// A control point that a cell looks at.
template <typename scalar>
struct Tap {
  std::int32_t place;       ///< its row of the tables, but for the cell's origin
  std::int32_t transposed;  ///< the same for a cell whose pixels are taken column by column
  std::int32_t point;       ///< index into the frame's parameters
  scalar value;             ///< p
};

template <typename scalar>
using Taps = std::span<const Tap<scalar>>;

/// The control points of one kind: first those of a whole frame, then those around one cell.
///
/// Cells differ in their origin only, so taps are made once for a frame, and a cell's are cut out of them, a
/// run in each row of points. Runs are copied in whole bursts: that takes few branches.
template <typename scalar>
class Points {
 public:
  explicit Points(const Generator<scalar>& generator)
      : generator_(generator),
        longest_run_(round_up(generator.table->taps, kBurst)),
        in_frame_(generator.points() + longest_run_),
        before_(generator.rows.points * (generator.columns.points + 1)),
        around_(generator.table->taps * generator.table->taps + longest_run_) {}

  /// Takes the points of a frame whose value is `wanted`.
  template <typename Wanted>
  void select(const scalar* parameters, const Wanted& wanted) {
    const auto columns = generator_.columns.points;
    std::int32_t selected = 0;
    for (std::int64_t y = 0; y < generator_.rows.points; ++y) {
      auto* before = &before_[y * (columns + 1)];
      for (std::int64_t x = 0; x < columns; ++x) {
        const auto point = y * columns + x;
        before[x] = selected;
        in_frame_[selected] = {static_cast<std::int32_t>(generator_.place(y, x)),
                               static_cast<std::int32_t>(generator_.place(x, y)),
                               static_cast<std::int32_t>(point), parameters[point]};
        selected += wanted(parameters[point]);
      }
      before[columns] = selected;
    }
    selected_ = selected;
  }

  /// Takes those of them that a cell looks at.
  void gather(std::int64_t cell_y, std::int64_t cell_x) {
    const auto top = cell_y - generator_.rows.pad, left = cell_x - generator_.columns.pad;
    const auto taps = generator_.table->taps, columns = generator_.columns.points;
    const auto begin = std::clamp<std::int64_t>(left, 0, columns);
    const auto end = std::clamp<std::int64_t>(left + taps, 0, columns);
    size_ = 0;
    if (selected_ == 0) return;
    for (auto y = std::max<std::int64_t>(top, 0); y < std::min(top + taps, generator_.rows.points); ++y) {
      const auto* before = &before_[y * (columns + 1)];
      append(before[begin], before[end]);
    }
  }

  /// For a cell whose pixels are taken column by column: distances do not change when both axes are swapped,
  /// so the tables have those rows too.
  void transpose() {
    for (std::int64_t i = 0; i < size_; ++i) around_[i].place = around_[i].transposed;
  }

  Taps<scalar> around() const { return {around_.data(), static_cast<std::size_t>(size_)}; }

 private:
  static constexpr std::int64_t kBurst = 8;

  void append(std::int32_t first, std::int32_t last) {
    for (std::int64_t i = 0; i < last - first; i += kBurst) {
      std::memcpy(&around_[size_ + i], &in_frame_[first + i], kBurst * sizeof(Tap<scalar>));
    }
    size_ += last - first;
  }

  const Generator<scalar>& generator_;
  std::int64_t longest_run_;
  std::vector<Tap<scalar>> in_frame_;  ///< row by row
  std::vector<std::int32_t> before_;   ///< for each row of points and each column: how many come before it
  std::vector<Tap<scalar>> around_;
  std::int64_t selected_ = 0, size_ = 0;
};

/// The control points around a cell, by how much work they make. Those with p = 0 add 1 to the denominator
/// and nothing else.
template <typename scalar>
class Neighbours {
 public:
  explicit Neighbours(const Generator<scalar>& generator) : ones_(generator), others_(generator) {}

  void select(const scalar* parameters) {
    ones_.select(parameters, [](scalar p) { return p == 1; });
    others_.select(parameters, [](scalar p) { return p != 0 && p != 1; });
  }

  /// Takes those that a cell looks at.
  void gather(std::int64_t cell_y, std::int64_t cell_x, bool transposed) {
    ones_.gather(cell_y, cell_x);
    others_.gather(cell_y, cell_x);
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
