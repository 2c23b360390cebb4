#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "smooth_mask_table.h"

namespace fep {

/// A control point that a cell looks at.
template <typename scalar>
struct Tap {
  std::int32_t row;         ///< where its row of the tables begins, but for the cell's origin
  std::int32_t transposed;  ///< the same for a cell whose pixels are taken column by column
  std::int32_t point;       ///< index into the frame's parameters
  scalar value;             ///< p
};

/// The control points of one kind: first those of a whole frame, then those around one cell.
///
/// Cells differ in their origin only, so taps are made once for a frame, and a cell's are cut out of them, a
/// run in each row of points. Runs are copied in full length whatever they hold: that takes no branches.
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
        in_frame_[selected] = {static_cast<std::int32_t>(generator_.table_row(y, x)),
                               static_cast<std::int32_t>(generator_.table_row(x, y)),
                               static_cast<std::int32_t>(point), parameters[point]};
        selected += wanted(parameters[point]);
      }
      before[columns] = selected;
    }
  }

  /// Takes those of them that a cell looks at, be they near or far.
  void gather(std::int64_t cell_y, std::int64_t cell_x) {
    gather_runs(cell_y, cell_x,
                [&](std::int64_t, const auto& append) { append({0, generator_.table->taps}); });
  }

  /// Takes none.
  void clear() { size_ = 0; }

  void gather_near(std::int64_t cell_y, std::int64_t cell_x) {
    gather_runs(cell_y, cell_x,
                [&](std::int64_t row, const auto& append) { append(generator_.table->near[row]); });
  }

  void gather_far(std::int64_t cell_y, std::int64_t cell_x) {
    gather_runs(cell_y, cell_x, [&](std::int64_t row, const auto& append) {
      const auto near = generator_.table->near[row];
      append({0, near.begin});
      append({near.end, generator_.table->taps});
    });
  }

  /// For a cell whose pixels are taken column by column: distances do not change when both axes are swapped,
  /// so the tables have those rows too.
  void transpose() {
    for (std::int64_t i = 0; i < size_; ++i) around_[i].row = around_[i].transposed;
  }

  const Tap<scalar>* begin() const { return around_.data(); }
  const Tap<scalar>* end() const { return around_.data() + size_; }
  std::int64_t size() const { return size_; }

 private:
  static constexpr std::int64_t kBurst = 8;

  /// Calls runs(row, append) for each row of the neighbourhood that is on the grid: it appends runs of taps.
  template <typename Runs>
  void gather_runs(std::int64_t cell_y, std::int64_t cell_x, const Runs& runs) {
    const auto top = cell_y - generator_.rows.pad, left = cell_x - generator_.columns.pad;
    const auto taps = generator_.table->taps;
    size_ = 0;
    for (auto y = std::max<std::int64_t>(top, 0); y < std::min(top + taps, generator_.rows.points); ++y) {
      const auto* before = &before_[y * (generator_.columns.points + 1)];
      const auto on_grid = [&](std::int64_t tap) {
        return std::clamp<std::int64_t>(left + tap, 0, generator_.columns.points);
      };
      runs(y - top, [&](TapRun run) { append(before[on_grid(run.begin)], before[on_grid(run.end)]); });
    }
  }

  void append(std::int32_t first, std::int32_t last) {
    for (std::int64_t i = 0; i < last - first; i += kBurst) {
      std::copy_n(&in_frame_[first + i], kBurst, &around_[size_ + i]);
    }
    size_ += last - first;
  }

  const Generator<scalar>& generator_;
  std::int64_t longest_run_;
  std::vector<Tap<scalar>> in_frame_;  ///< row by row
  std::vector<std::int32_t> before_;   ///< for each row of points and each column: how many come before it
  std::vector<Tap<scalar>> around_;
  std::int64_t size_ = 0;
};

}  // namespace fep
