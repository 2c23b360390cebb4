// CPU kernels of the mask generator. See smooth_mask.h for what it computes.
//
// All pixels of one cell (step × step pixels between two neighbouring control points) look at the same
// control points, and a pixel's distance to them depends only on where it lies inside the cell. So one small
// table, (2·radius+1)² × step², serves every cell of every frame, and a cell is a loop over control points
// around a loop over its pixels: p is a scalar, the pixels are a vector, nothing is ever unfolded.
//
// The softmax is taken in base 2: with s = 20·log2(e), exp(20·v) = 2^(s·v). The table holds s·k instead of k,
// so that x = p·(s·k) is at once the exponent and, but for a factor that is applied at the end, the value v.
//
// Optimised masks are mostly 0 and 1. A point with p = 0 adds exactly 2^0 = 1 to the softmax's denominator
// and nothing else; for p = 1 the exponentials are tabulated.

#include <ATen/Dispatch.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>
#include <vector>

#include "ops/common/hand_out.h"
#include "ops/smooth_mask/smooth_mask.h"
#include "ops/smooth_mask/smooth_mask_checks.h"
#include "ops/smooth_mask/smooth_mask_corners.h"
#include "ops/smooth_mask/smooth_mask_loops.h"
#include "ops/smooth_mask/smooth_mask_points.h"
#include "ops/smooth_mask/smooth_mask_strip.h"
#include "ops/smooth_mask/smooth_mask_table.h"

namespace fep {
namespace {

/// How many rows of pixels a row of cells has: the last one has a single one.
std::int64_t cell_height(const MaskAxis& rows, std::int64_t cell_y, std::int64_t step) {
  return cell_y + 1 < rows.cells ? step : 1;
}

/// How many pixels of a cell with `height` rows are processed as vectors: whole vectors, or all pixels but a
/// corner that is processed separately.
std::int64_t length_of_cell(std::int64_t height, std::int64_t step) {
  const bool without_corner = height == step && Corners<float>::are_apart(step);
  return without_corner ? step * step - 1 : round_up(height * step, kLanes);
}

template <typename scalar>
std::optional<Corners<scalar>> corners_of(const Generator<scalar>& generator) {
  return Corners<scalar>::are_apart(generator.step) ? std::optional<Corners<scalar>>(generator)
                                                    : std::nullopt;
}

/// The last cell of a row has a single column of pixels, which is processed on its own.
bool is_last_column(const MaskAxis& columns, std::int64_t cell_x) {
  return cell_x + 1 == columns.cells;
}

/// The tables' row that a cell takes for its first tap.
template <typename scalar>
std::int64_t table_origin(const Generator<scalar>& generator, std::int64_t cell_y, std::int64_t cell_x) {
  const auto y = generator.rows.pad - cell_y, x = generator.columns.pad - cell_x;
  return is_last_column(generator.columns, cell_x) ? generator.place(x, y) : generator.place(y, x);
}

/// Computes the masks of frames.
template <typename scalar>
class Forward {
 public:
  explicit Forward(const Generator<scalar>& generator)
      : generator_(generator),
        around_(generator),
        numerator_(Strip<scalar>::cell(generator)),
        denominator_(numerator_),
        numerators_(generator),
        denominators_(generator),
        corners_(corners_of(generator)) {}

  void frame(const scalar* parameters, scalar* canvas, scalar* denominator) {
    const auto& [rows, columns, step, table] = generator_;
    around_.select(parameters);
    if (corners_) corners_->select(parameters);
    for (std::int64_t y = 0; y < rows.cells; ++y) {
      const auto height = cell_height(rows, y, step);
      around_.enter_row(y);
      for (std::int64_t x = 0; x + 1 < columns.cells; ++x) {
        sum(y, x, length_of_cell(height, step));
        numerators_.put(x, numerator_);
        denominators_.put(x, denominator_);
      }
      const auto last = columns.cells - 1;
      sum(y, last, round_up(height, kLanes));
      numerators_.put_column(last, numerator_);
      denominators_.put_column(last, denominator_);
      if (corners_ && height == step) corners_->sum(y, numerators_, denominators_);
      for (std::int64_t row = 0; row < height; ++row) {
        const auto at = (y * step + row) * columns.canvas;
        divide(numerators_.row(row), denominators_.row(row), canvas + at, columns.canvas);
        std::copy_n(denominators_.row(row), columns.canvas, denominator + at);
      }
    }
  }

 private:
  /// Numerator and denominator of the first `length` pixels of a cell.
  void sum(std::int64_t cell_y, std::int64_t cell_x, std::int64_t length) {
    const auto& [rows, columns, step, table] = generator_;
    const auto origin = table_origin(generator_, cell_y, cell_x);
    around_.gather(cell_x, is_last_column(columns, cell_x));
    // What is not added takes part with v = 0: points with p = 0, and those off the grid.
    const auto idle = table->taps * table->taps - around_.size();
    std::fill_n(numerator_.begin(), length, scalar(0));
    std::fill_n(denominator_.begin(), length, static_cast<scalar>(idle));
    sum_cell(*table, origin, around_, numerator_.data(), denominator_.data(), length);
  }

  const Generator<scalar>& generator_;
  Neighbours<scalar> around_;
  std::vector<scalar> numerator_, denominator_;  ///< of a cell
  Strip<scalar> numerators_, denominators_;      ///< of a row of cells
  std::optional<Corners<scalar>> corners_;       ///< if they are processed separately
};

/// Takes the gradients of frames back to their parameters.
template <typename scalar>
class Backward {
 public:
  explicit Backward(const Generator<scalar>& generator)
      : generator_(generator),
        zeros_(generator),
        around_(generator),
        a_(Strip<scalar>::cell(generator)),
        b_(a_),
        as_(generator),
        bs_(generator),
        sums_(generator.points() * kLanes),
        corners_(corners_of(generator)) {}

  void frame(const scalar* upstream, const scalar* parameters, const scalar* canvas,
             const scalar* denominator, scalar* gradient) {
    const auto& [rows, columns, step, table] = generator_;
    zeros_.select(parameters, [](scalar p) { return p == 0; });
    around_.select(parameters);
    if (corners_) corners_->select(parameters);
    std::fill(sums_.begin(), sums_.end(), scalar(0));
    for (std::int64_t y = 0; y < rows.cells; ++y) {
      const auto height = cell_height(rows, y, step);
      for (std::int64_t row = 0; row < height; ++row) {
        const auto at = (y * step + row) * columns.canvas;
        find_slopes(upstream + at, canvas + at, denominator + at, as_.row(row), bs_.row(row), columns.canvas);
      }
      for (auto row = height; row < step; ++row) {
        std::fill_n(as_.row(row), columns.canvas, scalar(0));
        std::fill_n(bs_.row(row), columns.canvas, scalar(0));
      }
      zeros_.enter_row(y);
      around_.enter_row(y);
      for (std::int64_t x = 0; x < columns.cells; ++x) add_cell(y, x, height);
      if (corners_ && height == step) corners_->add(y, as_, bs_);
    }
    for (std::int64_t point = 0; point < generator_.points(); ++point) {
      const auto* sums = &sums_[point * kLanes];
      gradient[point] = std::accumulate(sums, sums + kLanes, scalar(0));
    }
    if (corners_) corners_->put(gradient);
  }

 private:
  /// Adds the gradients from the first `height` rows of a cell to its points.
  void add_cell(std::int64_t cell_y, std::int64_t cell_x, std::int64_t height) {
    const bool is_column = is_last_column(generator_.columns, cell_x);
    const auto length = is_column ? round_up(height, kLanes) : length_of_cell(height, generator_.step);
    const auto take = is_column ? &Strip<scalar>::get_column : &Strip<scalar>::get;
    (bs_.*take)(cell_x, b_);
    // Outside the frame the mask is mostly 0, as it should be: no pixel there has a gradient.
    if (!any_nonzero(b_.data(), length)) return;
    (as_.*take)(cell_x, a_);
    const auto origin = table_origin(generator_, cell_y, cell_x);
    zeros_.gather(cell_x);
    if (is_column) zeros_.transpose();
    around_.gather(cell_x, is_column);
    add_gradients(*generator_.table, origin, zeros_.around(), around_, a_.data(), b_.data(), sums_.data(),
                  length);
  }

  const Generator<scalar>& generator_;
  Points<scalar> zeros_;
  Neighbours<scalar> around_;
  std::vector<scalar> a_, b_;               ///< of a cell
  Strip<scalar> as_, bs_;                   ///< of a row of cells; 0 beyond the canvas
  std::vector<scalar> sums_;                ///< kLanes for each point
  std::optional<Corners<scalar>> corners_;  ///< if they are processed separately
};

std::tuple<at::Tensor, at::Tensor> smooth_mask_with_denominator_cpu(const at::Tensor& parameters,
                                                                    std::int64_t height, std::int64_t width,
                                                                    std::int64_t step, double sigma) {
  const auto rows = mask_axis(height, step, sigma), columns = mask_axis(width, step, sigma);
  check_parameters(parameters, rows, columns);
  const auto input = parameters.contiguous();
  auto canvas = at::empty(canvas_sizes(parameters, rows, columns), parameters.options());
  auto denominator = at::empty_like(canvas);
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "fep::smooth_mask", [&] {
    const Generator<scalar_t> generator(rows, columns, step, sigma);
    const auto points = generator.points(), pixels = generator.pixels();
    const auto* in = input.const_data_ptr<scalar_t>();
    auto* out = canvas.mutable_data_ptr<scalar_t>();
    auto* sums = denominator.mutable_data_ptr<scalar_t>();
    hand_out(input.numel() / points, [&] {
      return [=, forward = Forward<scalar_t>(generator)](std::int64_t frame) mutable {
        forward.frame(in + frame * points, out + frame * pixels, sums + frame * pixels);
      };
    });
  });
  return {canvas, denominator};
}

at::Tensor smooth_mask_backward_from_cpu(const at::Tensor& canvas_gradient, const at::Tensor& parameters,
                                         const at::Tensor& canvas_in, const at::Tensor& denominator_in,
                                         std::int64_t height, std::int64_t width, std::int64_t step,
                                         double sigma) {
  const auto rows = mask_axis(height, step, sigma), columns = mask_axis(width, step, sigma);
  check_parameters(parameters, rows, columns);
  const auto input = parameters.contiguous(), upstream = canvas_gradient.contiguous(),
             canvas = canvas_in.contiguous(), denominator = denominator_in.contiguous();
  for (const auto* given : {&upstream, &canvas, &denominator}) {
    check_canvas(*given, parameters, rows, columns);
  }
  auto gradient = at::empty_like(input);
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "fep::smooth_mask_backward", [&] {
    const Generator<scalar_t> generator(rows, columns, step, sigma);
    const auto points = generator.points(), pixels = generator.pixels();
    const auto* in = input.const_data_ptr<scalar_t>();
    const auto* up = upstream.const_data_ptr<scalar_t>();
    const auto* mask = canvas.const_data_ptr<scalar_t>();
    const auto* sums = denominator.const_data_ptr<scalar_t>();
    auto* out = gradient.mutable_data_ptr<scalar_t>();
    hand_out(input.numel() / points, [&] {
      return [=, backward = Backward<scalar_t>(generator)](std::int64_t frame) mutable {
        backward.frame(up + frame * pixels, in + frame * points, mask + frame * pixels, sums + frame * pixels,
                       out + frame * points);
      };
    });
  });
  return gradient;
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CPU, library) {
  library.impl("smooth_mask_with_denominator", smooth_mask_with_denominator_cpu);
  library.impl("smooth_mask_backward_from", smooth_mask_backward_from_cpu);
}

}  // namespace fep
