// CPU kernels of the mask generator. See smooth_mask.h for what it computes.
//
// All pixels of one cell (step × step pixels between two neighbouring control points) look at the same
// control points, and a pixel's distance to them depends only on where it lies inside the cell. So one small
// table of weights, (2·radius+1)² × step², serves every cell of every frame, and a cell is a loop over
// control points around a loop over its pixels: p is a scalar, the pixels are a vector, nothing is ever
// unfolded.
//
// Optimised masks are mostly 0 and 1. A point with p = 0 adds exactly exp(0) = 1 to the softmax's denominator
// and nothing else; for p = 1 the exponentials are tabulated. Both give the same bits as the general case.

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros_like.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "exponential.h"
#include "multiversion.h"
#include "smooth_mask.h"

namespace fep {
namespace {

constexpr double kColdness = 20;

/// Rows of the tables are padded to whole vectors of 16 floats, so that inner loops have no remainder.
constexpr std::int64_t kLanes = 16;

template <typename scalar>
struct WeightTable {
  std::int64_t taps;                 ///< control points a pixel looks at, along one axis: 2·radius+1
  std::int64_t pixels;               ///< step², padded to whole vectors
  std::vector<scalar> weight;        ///< k(d/σ), taps² × pixels; 0 in the padding
  std::vector<scalar> exponentials;  ///< exp(20·k), what a point with p = 1 adds to the denominator

  WeightTable(const MaskAxis& axis, std::int64_t step, double sigma)
      : taps(2 * axis.radius + 1), pixels((step * step + kLanes - 1) / kLanes * kLanes) {
    weight.assign(taps * taps * pixels, 0);
    exponentials.assign(weight.size(), 0);
    // Distance along one axis from offset `o` inside a cell to tap `t`: the cell's origin cancels out.
    const auto distance = [&](std::int64_t o, std::int64_t t) {
      return static_cast<double>(o) - (sigma + static_cast<double>(step * (t - axis.pad)));
    };
    for (std::int64_t tap = 0; tap < taps * taps; ++tap) {
      for (std::int64_t pixel = 0; pixel < step * step; ++pixel) {
        const double d = std::hypot(distance(pixel / step, tap / taps), distance(pixel % step, tap % taps));
        const double beyond = std::max(d / sigma - 0.5, 0.0);
        weight[tap * pixels + pixel] = static_cast<scalar>(std::exp(-2 * beyond * beyond));
      }
    }
    for (std::size_t i = 0; i < weight.size(); ++i) {
      exponentials[i] = exponential(static_cast<scalar>(kColdness) * weight[i]);
    }
  }
};

/// The table of one (step, sigma), made once and kept: a loop of thousands of iterations uses the same one.
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

/// The control points around one cell that lie on the grid.
template <typename scalar>
struct Neighbourhood {
  struct Tap {
    std::int64_t table;  ///< row of the weight table
    std::int64_t point;  ///< index into the frame's parameters
    scalar value;        ///< p
  };
  std::vector<Tap> on_grid;
  scalar idle = 0;  ///< how many points take part with v = 0: off the grid, or p = 0

  void gather(const scalar* parameters, const MaskAxis& rows, const MaskAxis& columns, std::int64_t cell_y,
              std::int64_t cell_x) {
    const auto taps_y = 2 * rows.radius + 1, taps_x = 2 * columns.radius + 1;
    on_grid.clear();
    idle = static_cast<scalar>(taps_y * taps_x);
    for (std::int64_t ty = 0; ty < taps_y; ++ty) {
      const auto y = cell_y + ty - rows.pad;
      if (y < 0 || y >= rows.points) continue;
      for (std::int64_t tx = 0; tx < taps_x; ++tx) {
        const auto x = cell_x + tx - columns.pad;
        if (x < 0 || x >= columns.points) continue;
        const auto point = y * columns.points + x;
        on_grid.push_back({ty * taps_x + tx, point, parameters[point]});
        if (parameters[point] != 0) idle -= 1;
      }
    }
  }
};

// The three inner loops. `n` is a multiple of kLanes.

template <typename scalar>
FEP_INLINE void add_tap_body(const scalar* weight, scalar value, scalar* exponentials, scalar* numerator,
                             scalar* denominator, std::int64_t n) {
#pragma omp simd
  for (std::int64_t i = 0; i < n; ++i) {
    const scalar v = value * weight[i];
    const scalar e = exponential(static_cast<scalar>(kColdness) * v);
    exponentials[i] = e;
    numerator[i] += v * e;
    denominator[i] += e;
  }
}

template <typename scalar>
FEP_INLINE void add_unit_tap_body(const scalar* weight, const scalar* exponentials, scalar* numerator,
                                  scalar* denominator, std::int64_t n) {
#pragma omp simd
  for (std::int64_t i = 0; i < n; ++i) {
    numerator[i] += weight[i] * exponentials[i];
    denominator[i] += exponentials[i];
  }
}

/// Σ_i w_i·e_i·h_i·(1 + 20·(v_i − m_i)): ∂(Σ g·m)/∂p for one point and one cell, with h = g / denominator.
template <typename scalar>
FEP_INLINE scalar tap_gradient_body(const scalar* weight, const scalar* exponentials, scalar value,
                                    const scalar* scaled, const scalar* mask, std::int64_t n) {
  scalar sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < n; ++i) {
    const scalar slope = 1 + static_cast<scalar>(kColdness) * (value * weight[i] - mask[i]);
    sum += weight[i] * exponentials[i] * scaled[i] * slope;
  }
  return sum;
}

template <typename scalar>
FEP_INLINE scalar dot_body(const scalar* a, const scalar* b, std::int64_t n) {
  scalar sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

#define FEP_DEFINE_LOOPS(scalar)                                                                    \
  FEP_MULTIVERSION void add_tap(const scalar* w, scalar p, scalar* e, scalar* num, scalar* den,     \
                                std::int64_t n) {                                                   \
    add_tap_body(w, p, e, num, den, n);                                                             \
  }                                                                                                 \
  FEP_MULTIVERSION void add_unit_tap(const scalar* w, const scalar* e, scalar* num, scalar* den,    \
                                     std::int64_t n) {                                              \
    add_unit_tap_body(w, e, num, den, n);                                                           \
  }                                                                                                 \
  FEP_MULTIVERSION scalar tap_gradient(const scalar* w, const scalar* e, scalar p, const scalar* h, \
                                       const scalar* m, std::int64_t n) {                           \
    return tap_gradient_body(w, e, p, h, m, n);                                                     \
  }                                                                                                 \
  FEP_MULTIVERSION scalar dot(const scalar* a, const scalar* b, std::int64_t n) {                   \
    return dot_body(a, b, n);                                                                       \
  }

FEP_DEFINE_LOOPS(float)
FEP_DEFINE_LOOPS(double)
#undef FEP_DEFINE_LOOPS

/// One cell's soft maximum, and what its backward needs of it.
template <typename scalar>
class Cell {
 public:
  Cell(const WeightTable<scalar>& table, const MaskAxis& rows, const MaskAxis& columns, std::int64_t step)
      : table_(table),
        rows_(rows),
        columns_(columns),
        step_(step),
        numerator_(table.pixels),
        denominator_(table.pixels),
        scaled_(table.pixels),
        exponentials_(table.weight.size()) {}

  /// Computes the soft maximum of the cell at (cell_y, cell_x); then `mask()` holds it.
  void forward(const scalar* parameters, std::int64_t cell_y, std::int64_t cell_x) {
    // The last row of cells is one pixel high: only the first `step` entries of the tables are needed there.
    height_ = cell_y + 1 < rows_.cells ? step_ : 1;
    width_ = cell_x + 1 < columns_.cells ? step_ : 1;
    length_ = (height_ * step_ + kLanes - 1) / kLanes * kLanes;
    around_.gather(parameters, rows_, columns_, cell_y, cell_x);
    std::fill_n(numerator_.begin(), length_, scalar(0));
    std::fill_n(denominator_.begin(), length_, around_.idle);
    for (const auto& tap : around_.on_grid) {
      const auto row = tap.table * table_.pixels;
      if (tap.value == 1) {
        add_unit_tap(&table_.weight[row], &table_.exponentials[row], numerator_.data(), denominator_.data(),
                     length_);
      } else if (tap.value != 0) {
        add_tap(&table_.weight[row], tap.value, &exponentials_[row], numerator_.data(), denominator_.data(),
                length_);
      }
    }
    for (std::int64_t i = 0; i < length_; ++i) {
      numerator_[i] = std::clamp(numerator_[i] / denominator_[i], scalar(0), scalar(1));
    }
  }

  void store(scalar* canvas, std::int64_t cell_y, std::int64_t cell_x) const {
    for (std::int64_t y = 0; y < height_; ++y) {
      std::copy_n(&numerator_[y * step_], width_,
                  canvas + (cell_y * step_ + y) * columns_.canvas + cell_x * step_);
    }
  }

  /// Adds this cell's share of the gradient; forward() of the same cell must have run before.
  void backward(const scalar* canvas_gradient, scalar* gradient, std::int64_t cell_y, std::int64_t cell_x) {
    std::fill_n(scaled_.begin(), length_, scalar(0));
    for (std::int64_t y = 0; y < height_; ++y) {
      std::copy_n(canvas_gradient + (cell_y * step_ + y) * columns_.canvas + cell_x * step_, width_,
                  &scaled_[y * step_]);
    }
    for (std::int64_t i = 0; i < length_; ++i) scaled_[i] /= denominator_[i];
    auto& idle = denominator_;  // from here on: h·(1 − 20·m), the slope of a point with v = 0
    for (std::int64_t i = 0; i < length_; ++i) {
      idle[i] = scaled_[i] * (1 - static_cast<scalar>(kColdness) * numerator_[i]);
    }
    for (const auto& tap : around_.on_grid) {
      const auto* weight = &table_.weight[tap.table * table_.pixels];
      if (tap.value == 0) {
        gradient[tap.point] += dot(weight, idle.data(), length_);
        continue;
      }
      const auto& exponentials = tap.value == 1 ? table_.exponentials : exponentials_;
      gradient[tap.point] += tap_gradient(weight, &exponentials[tap.table * table_.pixels], tap.value,
                                          scaled_.data(), numerator_.data(), length_);
    }
  }

 private:
  const WeightTable<scalar>& table_;
  const MaskAxis& rows_;
  const MaskAxis& columns_;
  std::int64_t step_;
  std::int64_t height_ = 0, width_ = 0, length_ = 0;
  Neighbourhood<scalar> around_;
  std::vector<scalar> numerator_;  ///< after forward(): the mask
  std::vector<scalar> denominator_;
  std::vector<scalar> scaled_;
  std::vector<scalar> exponentials_;
};

/// Calls body(frame, cell, cell_y, cell_x) for every cell, frames in parallel: each has its own parameters.
template <typename scalar, typename Body>
void for_each_cell(std::int64_t frames, const MaskAxis& rows, const MaskAxis& columns, std::int64_t step,
                   double sigma, const Body& body) {
  const auto table = weight_table<scalar>(rows, step, sigma);
  at::parallel_for(0, frames, 1, [&](std::int64_t begin, std::int64_t end) {
    Cell<scalar> cell(*table, rows, columns, step);
    for (auto frame = begin; frame < end; ++frame) {
      for (std::int64_t y = 0; y < rows.cells; ++y) {
        for (std::int64_t x = 0; x < columns.cells; ++x) body(frame, cell, y, x);
      }
    }
  });
}

void check_parameters(const at::Tensor& parameters, const MaskAxis& rows, const MaskAxis& columns) {
  TORCH_CHECK_VALUE(
      parameters.dim() >= 2 && parameters.size(-2) == rows.points && parameters.size(-1) == columns.points,
      "mask parameters for a ", rows.frame, "x", columns.frame, " frame must be (..., ", rows.points, ", ",
      columns.points, "), got ", parameters.sizes());
}

at::Tensor smooth_mask_cpu(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                           std::int64_t step, double sigma) {
  const auto rows = mask_axis(height, step, sigma), columns = mask_axis(width, step, sigma);
  check_parameters(parameters, rows, columns);
  const auto input = parameters.contiguous();
  auto sizes = parameters.sizes().vec();
  sizes[sizes.size() - 2] = rows.canvas;
  sizes[sizes.size() - 1] = columns.canvas;
  auto canvas = at::empty(sizes, parameters.options());
  const auto points = rows.points * columns.points, pixels = rows.canvas * columns.canvas;
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "fep::smooth_mask", [&] {
    const auto* in = input.const_data_ptr<scalar_t>();
    auto* out = canvas.mutable_data_ptr<scalar_t>();
    for_each_cell<scalar_t>(input.numel() / points, rows, columns, step, sigma,
                            [&](std::int64_t frame, auto& cell, std::int64_t y, std::int64_t x) {
                              cell.forward(in + frame * points, y, x);
                              cell.store(out + frame * pixels, y, x);
                            });
  });
  return canvas;
}

at::Tensor smooth_mask_backward_cpu(const at::Tensor& canvas_gradient, const at::Tensor& parameters,
                                    std::int64_t height, std::int64_t width, std::int64_t step,
                                    double sigma) {
  const auto rows = mask_axis(height, step, sigma), columns = mask_axis(width, step, sigma);
  check_parameters(parameters, rows, columns);
  const auto input = parameters.contiguous(), upstream = canvas_gradient.contiguous();
  const auto points = rows.points * columns.points, pixels = rows.canvas * columns.canvas;
  TORCH_CHECK_VALUE(upstream.numel() * points == input.numel() * pixels, "the canvas gradient must be (..., ",
                    rows.canvas, ", ", columns.canvas, "), got ", canvas_gradient.sizes());
  auto gradient = at::zeros_like(input);
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "fep::smooth_mask_backward", [&] {
    const auto* in = input.const_data_ptr<scalar_t>();
    const auto* up = upstream.const_data_ptr<scalar_t>();
    auto* out = gradient.mutable_data_ptr<scalar_t>();
    for_each_cell<scalar_t>(input.numel() / points, rows, columns, step, sigma,
                            [&](std::int64_t frame, auto& cell, std::int64_t y, std::int64_t x) {
                              cell.forward(in + frame * points, y, x);
                              cell.backward(up + frame * pixels, out + frame * points, y, x);
                            });
  });
  return gradient;
}

}  // namespace

TORCH_LIBRARY_IMPL(fep, CPU, library) {
  library.impl("smooth_mask", smooth_mask_cpu);
  library.impl("smooth_mask_backward", smooth_mask_backward_cpu);
}

}  // namespace fep
