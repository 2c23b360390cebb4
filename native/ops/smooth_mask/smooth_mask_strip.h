#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "ops/smooth_mask/smooth_mask_table.h"

namespace fep {

/// One row of cells, laid out as the canvas is: `step` rows of pixels. They have room for whole cells and one
/// more vector, so that cells are copied in whole vectors: the excess to the right of a cell is overwritten
/// by the next one, the excess within a cell by its next row, or it lies where the tables are 0.
template <typename scalar>
class Strip {
 public:
  explicit Strip(const Generator<scalar>& generator)
      : step_(generator.step),
        width_(generator.columns.cells * step_ + round_up(step_, kLanes)),
        pixels_(step_ * width_) {}

  scalar* row(std::int64_t y) { return &pixels_[y * width_]; }

  /// Cells must be put from left to right.
  void put(std::int64_t cell, const std::vector<scalar>& pixels) {
    for (std::int64_t y = 0; y < step_; ++y) copy_row(&pixels[y * step_], row(y) + cell * step_);
  }

  void get(std::int64_t cell, std::vector<scalar>& pixels) {
    for (std::int64_t y = 0; y < step_; ++y) copy_row(row(y) + cell * step_, &pixels[y * step_]);
  }

  /// The same for the last cell of a row, of which the canvas has the first column only.
  void put_column(std::int64_t cell, const std::vector<scalar>& pixels) {
    for (std::int64_t y = 0; y < step_; ++y) row(y)[cell * step_] = pixels[y];
  }

  void get_column(std::int64_t cell, std::vector<scalar>& pixels) {
    for (std::int64_t y = 0; y < step_; ++y) pixels[y] = row(y)[cell * step_];
    std::fill_n(pixels.begin() + step_, round_up(step_, kLanes) - step_, scalar(0));
  }

  /// A vector for the pixels of a cell, with room for the excess that get() and put() copy.
  static std::vector<scalar> cell(const Generator<scalar>& generator) {
    return std::vector<scalar>(generator.table->pixels + round_up(generator.step, kLanes));
  }

 private:
  void copy_row(const scalar* from, scalar* to) const {
    // memcpy of a length that the compiler knows becomes a few moves, std::copy_n a call.
    for (std::int64_t x = 0; x < step_; x += kLanes) std::memcpy(to + x, from + x, kLanes * sizeof(scalar));
  }

  std::int64_t step_, width_;
  std::vector<scalar> pixels_;
};

}  // namespace fep
