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
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <numbers>
#include <numeric>
#include <tuple>
#include <utility>
#include <vector>

#include "exponential2.h"
#include "multiversion.h"
#include "smooth_mask.h"

namespace fep {
namespace {

constexpr double kColdness = 20;
constexpr double kSteepness = kColdness * std::numbers::log2e;  ///< s

/// Inner loops run over whole vectors of 16 floats, so that they have no remainder.
constexpr std::int64_t kLanes = 16;

/// The backward pass handles this many pixels at a time, four in each lane.
constexpr std::int64_t kStride = 4 * kLanes;

constexpr std::int64_t round_up(std::int64_t n, std::int64_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

template <typename scalar>
struct WeightTable {
  std::int64_t taps;                   ///< control points a pixel looks at, along one axis: 2·radius+1
  std::int64_t pixels;                 ///< step², padded to whole strides
  std::vector<scalar> exponent;        ///< s·k(d/σ), taps² × pixels; 0 in the padding
  std::vector<scalar> unit_term;       ///< 2^exponent, what a point with p = 1 adds to the denominator
  std::vector<scalar> unit_numerator;  ///< exponent·2^exponent, what it adds to the numerator

  WeightTable(const MaskAxis& axis, std::int64_t step, double sigma)
      : taps(2 * axis.radius + 1), pixels(round_up(step * step, kStride)) {
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

  /// Where cell (0, 0) would find its row of the tables for a point that is its first tap's (y, x)-th
  /// neighbour.
  std::int64_t table_row(std::int64_t y, std::int64_t x) const {
    return (y * table->taps + x) * table->pixels;
  }
};

/// A control point that a cell looks at.
template <typename scalar>
struct Tap {
  std::int32_t row;    ///< where its row of the tables begins, but for the cell's origin
  std::int32_t point;  ///< index into the frame's parameters
  scalar value;        ///< p
};

/// The forward pass adds taps this many at a time, so that sums are loaded and stored once for all of them.
constexpr std::int64_t kGroup = 4;

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
        around_(generator.table->taps * generator.table->taps + longest_run_ + kGroup) {}

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
                               static_cast<std::int32_t>(point), parameters[point]};
        selected += wanted(parameters[point]);
      }
      before[columns] = selected;
    }
  }

  /// Takes those of them that lie around a cell.
  void gather(std::int64_t cell_y, std::int64_t cell_x) {
    const auto [top, bottom] = reach(generator_.rows, cell_y);
    const auto [left, right] = reach(generator_.columns, cell_x);
    size_ = 0;
    for (auto y = top; y < bottom; ++y) {
      const auto* before = &before_[y * (generator_.columns.points + 1)];
      for (std::int64_t i = 0; i < longest_run_; i += kBurst) {
        std::copy_n(&in_frame_[before[left] + i], kBurst, &around_[size_ + i]);
      }
      size_ += before[right] - before[left];
    }
  }

  void append(const Tap<scalar>& tap) { around_[size_++] = tap; }
  Tap<scalar> take_last() { return around_[--size_]; }

  const Tap<scalar>* begin() const { return around_.data(); }
  const Tap<scalar>* end() const { return around_.data() + size_; }
  std::int64_t size() const { return size_; }

 private:
  static constexpr std::int64_t kBurst = 8;

  /// The points [first, last) along one axis that a cell looks at.
  static std::pair<std::int64_t, std::int64_t> reach(const MaskAxis& axis, std::int64_t cell) {
    const auto first = cell - axis.pad;
    const auto on_grid = [&](std::int64_t point) { return std::clamp<std::int64_t>(point, 0, axis.points); };
    return {on_grid(first), on_grid(first + 2 * axis.radius + 1)};
  }

  const Generator<scalar>& generator_;
  std::int64_t longest_run_;
  std::vector<Tap<scalar>> in_frame_;  ///< row by row
  std::vector<std::int32_t> before_;   ///< for each row of points and each column: how many come before it
  std::vector<Tap<scalar>> around_;
  std::int64_t size_ = 0;
};

// The inner loops over the pixels of a cell. `n` is a multiple of kLanes; table pointers are moved to the
// cell's origin.

/// Adds x·2^x to the numerator and 2^x to the denominator for each tap, x = p·(s·k). Whole groups of taps.
template <typename scalar>
FEP_INLINE void add_taps(const scalar* exponent, const Points<scalar>& taps, scalar* numerator,
                         scalar* denominator, std::int64_t n) {
  for (const auto* tap = taps.begin(); tap < taps.end(); tap += kGroup) {
    const scalar p0 = tap[0].value, p1 = tap[1].value, p2 = tap[2].value, p3 = tap[3].value;
    const auto *row0 = exponent + tap[0].row, *row1 = exponent + tap[1].row, *row2 = exponent + tap[2].row,
               *row3 = exponent + tap[3].row;
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) {
      const scalar x0 = p0 * row0[i], x1 = p1 * row1[i], x2 = p2 * row2[i], x3 = p3 * row3[i];
      const scalar e0 = exponential2(x0), e1 = exponential2(x1), e2 = exponential2(x2), e3 = exponential2(x3);
      numerator[i] += (x0 * e0 + x1 * e1) + (x2 * e2 + x3 * e3);
      denominator[i] += (e0 + e1) + (e2 + e3);
    }
  }
}

/// Adds to `sums` the rows that a table has for the taps. Whole groups of taps.
template <typename scalar>
FEP_INLINE void add_rows(const scalar* table, const Points<scalar>& taps, scalar* sums, std::int64_t n) {
  for (const auto* tap = taps.begin(); tap < taps.end(); tap += kGroup) {
    const auto *row0 = table + tap[0].row, *row1 = table + tap[1].row, *row2 = table + tap[2].row,
               *row3 = table + tap[3].row;
#pragma omp simd
    for (std::int64_t i = 0; i < n; ++i) sums[i] += (row0[i] + row1[i]) + (row2[i] + row3[i]);
  }
}

template <typename scalar>
FEP_INLINE void sum_cell_body(const WeightTable<scalar>& table, std::int64_t origin,
                              const Points<scalar>& ones, const Points<scalar>& between, scalar* numerator,
                              scalar* denominator, std::int64_t n) {
  add_rows(table.unit_numerator.data() + origin, ones, numerator, n);
  add_rows(table.unit_term.data() + origin, ones, denominator, n);
  add_taps(table.exponent.data() + origin, between, numerator, denominator, n);
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

/// Adds to the kLanes sums of each tap's point the terms term(row + i, p, i) of the cell's pixels i. Sums
/// stay apart by lane until a frame is done, so that no tap ends in a horizontal sum. `n` is a multiple of
/// kStride.
template <typename scalar, typename Term>
FEP_INLINE void add_to_points(const Points<scalar>& taps, scalar* sums, std::int64_t n, const Term& term) {
  for (const auto& tap : taps) {
    auto* sum = sums + tap.point * kLanes;
    const auto value = tap.value;
    for (std::int64_t first = 0; first < n; first += kStride) {
      const auto row = tap.row + first;
#pragma omp simd
      for (std::int64_t i = 0; i < kLanes; ++i) {
        const auto j = i + kLanes, k = j + kLanes, l = k + kLanes;
        sum[i] += (term(row + i, value, first + i) + term(row + j, value, first + j)) +
                  (term(row + k, value, first + k) + term(row + l, value, first + l));
      }
    }
  }
}

template <typename scalar>
FEP_INLINE void add_gradients_body(const WeightTable<scalar>& table, std::int64_t origin,
                                   const Points<scalar>& zeros, const Points<scalar>& ones,
                                   const Points<scalar>& between, const scalar* a, const scalar* b,
                                   scalar* sums) {
  const auto *exponent = table.exponent.data() + origin, *unit = table.unit_numerator.data() + origin;
  add_to_points(zeros, sums, table.pixels,
                [=](std::int64_t row, scalar, std::int64_t i) { return exponent[row] * a[i]; });
  add_to_points(ones, sums, table.pixels, [=](std::int64_t row, scalar, std::int64_t i) {
    return unit[row] * (a[i] + b[i] * exponent[row]);
  });
  add_to_points(between, sums, table.pixels, [=](std::int64_t row, scalar value, std::int64_t i) {
    const scalar x = value * exponent[row];
    return exponent[row] * exponential2(x) * (a[i] + b[i] * x);
  });
}

#define FEP_DEFINE_LOOPS(scalar)                                                                           \
  FEP_MULTIVERSION void sum_cell(const WeightTable<scalar>& table, std::int64_t origin,                    \
                                 const Points<scalar>& ones, const Points<scalar>& between,                \
                                 scalar* numerator, scalar* denominator, std::int64_t n) {                 \
    sum_cell_body(table, origin, ones, between, numerator, denominator, n);                                \
  }                                                                                                        \
  FEP_MULTIVERSION void divide(const scalar* numerator, const scalar* denominator, scalar* mask,           \
                               std::int64_t n) {                                                           \
    divide_body(numerator, denominator, mask, n);                                                          \
  }                                                                                                        \
  FEP_MULTIVERSION void find_slopes(const scalar* upstream, const scalar* mask, const scalar* denominator, \
                                    scalar* a, scalar* b, std::int64_t n) {                                \
    find_slopes_body(upstream, mask, denominator, a, b, n);                                                \
  }                                                                                                        \
  FEP_MULTIVERSION void add_gradients(const WeightTable<scalar>& table, std::int64_t origin,               \
                                      const Points<scalar>& zeros, const Points<scalar>& ones,             \
                                      const Points<scalar>& between, const scalar* a, const scalar* b,     \
                                      scalar* sums) {                                                      \
    add_gradients_body(table, origin, zeros, ones, between, a, b, sums);                                   \
  }

FEP_DEFINE_LOOPS(float)
FEP_DEFINE_LOOPS(double)
#undef FEP_DEFINE_LOOPS

/// One row of cells, laid out as the canvas is: `step` rows of pixels. They have room for whole cells and one
/// vector more, so that cells are copied in whole vectors: what is too much to the right of a cell is
/// overwritten by the next one, what is too much in a cell by its next row, or it lies where the tables are
/// 0.
template <typename scalar>
class Strip {
 public:
  explicit Strip(const Generator<scalar>& generator)
      : step_(generator.step),
        width_(generator.columns.cells * step_ + round_up(step_, kLanes)),
        pixels_(step_ * width_) {}

  scalar* row(std::int64_t y) { return &pixels_[y * width_]; }

  /// Cells come from left to right.
  void put(std::int64_t cell, const std::vector<scalar>& pixels) {
    for (std::int64_t y = 0; y < step_; ++y) copy_row(&pixels[y * step_], row(y) + cell * step_);
  }

  void get(std::int64_t cell, std::vector<scalar>& pixels) {
    for (std::int64_t y = 0; y < step_; ++y) copy_row(row(y) + cell * step_, &pixels[y * step_]);
  }

  /// A vector for the pixels of a cell, with room for what get() and put() copy too much.
  static std::vector<scalar> cell(const Generator<scalar>& generator) {
    return std::vector<scalar>(generator.table->pixels + round_up(generator.step, kLanes));
  }

 private:
  void copy_row(const scalar* from, scalar* to) const {
    for (std::int64_t x = 0; x < step_; x += kLanes) std::copy_n(from + x, kLanes, to + x);
  }

  std::int64_t step_, width_;
  std::vector<scalar> pixels_;
};

/// How many rows of pixels a row of cells has: the last one has a single one.
std::int64_t cell_height(const MaskAxis& rows, std::int64_t cell_y, std::int64_t step) {
  return cell_y + 1 < rows.cells ? step : 1;
}

/// Computes the masks of frames.
template <typename scalar>
class Forward {
 public:
  explicit Forward(const Generator<scalar>& generator)
      : generator_(generator),
        ones_(generator),
        between_(generator),
        numerator_(Strip<scalar>::cell(generator)),
        denominator_(numerator_),
        numerators_(generator),
        denominators_(generator) {}

  void frame(const scalar* parameters, scalar* canvas, scalar* denominator) {
    const auto& [rows, columns, step, table] = generator_;
    ones_.select(parameters, [](scalar p) { return p == 1; });
    between_.select(parameters, [](scalar p) { return p != 0 && p != 1; });
    for (std::int64_t y = 0; y < rows.cells; ++y) {
      const auto height = cell_height(rows, y, step);
      for (std::int64_t x = 0; x < columns.cells; ++x) {
        sum(y, x, round_up(height * step, kLanes));
        numerators_.put(x, numerator_);
        denominators_.put(x, denominator_);
      }
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
    ones_.gather(cell_y, cell_x);
    between_.gather(cell_y, cell_x);
    // Whole groups: ones left over count as any value between, and a tap of value 0 adds 1 to the
    // denominator.
    while (ones_.size() % kGroup != 0) between_.append(ones_.take_last());
    const auto origin = generator_.table_row(rows.pad - cell_y, columns.pad - cell_x);
    while (between_.size() % kGroup != 0) between_.append({static_cast<std::int32_t>(-origin), 0, 0});
    // What is not added takes part with v = 0: points with p = 0, and those off the grid.
    const auto idle = table->taps * table->taps - ones_.size() - between_.size();
    std::fill_n(numerator_.begin(), length, scalar(0));
    std::fill_n(denominator_.begin(), length, static_cast<scalar>(idle));
    sum_cell(*table, origin, ones_, between_, numerator_.data(), denominator_.data(), length);
  }

  const Generator<scalar>& generator_;
  Points<scalar> ones_, between_;
  std::vector<scalar> numerator_, denominator_;  ///< of a cell
  Strip<scalar> numerators_, denominators_;      ///< of a row of cells
};

/// Takes the gradients of frames back to their parameters.
template <typename scalar>
class Backward {
 public:
  explicit Backward(const Generator<scalar>& generator)
      : generator_(generator),
        zeros_(generator),
        ones_(generator),
        between_(generator),
        a_(Strip<scalar>::cell(generator)),
        b_(a_),
        as_(generator),
        bs_(generator),
        sums_(generator.points() * kLanes) {}

  void frame(const scalar* upstream, const scalar* parameters, const scalar* canvas,
             const scalar* denominator, scalar* gradient) {
    const auto& [rows, columns, step, table] = generator_;
    zeros_.select(parameters, [](scalar p) { return p == 0; });
    ones_.select(parameters, [](scalar p) { return p == 1; });
    between_.select(parameters, [](scalar p) { return p != 0 && p != 1; });
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
      for (std::int64_t x = 0; x < columns.cells; ++x) add_cell(y, x);
    }
    for (std::int64_t point = 0; point < generator_.points(); ++point) {
      const auto* sums = &sums_[point * kLanes];
      gradient[point] = std::accumulate(sums, sums + kLanes, scalar(0));
    }
  }

 private:
  void add_cell(std::int64_t cell_y, std::int64_t cell_x) {
    const auto& [rows, columns, step, table] = generator_;
    for (auto* points : {&zeros_, &ones_, &between_}) points->gather(cell_y, cell_x);
    as_.get(cell_x, a_);
    bs_.get(cell_x, b_);
    const auto origin = generator_.table_row(rows.pad - cell_y, columns.pad - cell_x);
    add_gradients(*table, origin, zeros_, ones_, between_, a_.data(), b_.data(), sums_.data());
  }

  const Generator<scalar>& generator_;
  Points<scalar> zeros_, ones_, between_;
  std::vector<scalar> a_, b_;  ///< of a cell
  Strip<scalar> as_, bs_;      ///< of a row of cells; 0 beyond the canvas
  std::vector<scalar> sums_;   ///< kLanes for each point
};

/// Calls body(worker, frame) for all frames, in parallel. Frames are dealt like cards: their cost depends on
/// how many parameters are 0, and neighbours in time resemble each other.
template <typename Worker, typename scalar, typename Body>
void deal_frames(std::int64_t frames, const Generator<scalar>& generator, const Body& body) {
  const auto hands = std::min<std::int64_t>(frames, at::get_num_threads());
  at::parallel_for(0, hands, 1, [&](std::int64_t begin, std::int64_t end) {
    Worker worker(generator);
    for (auto hand = begin; hand < end; ++hand) {
      for (auto frame = hand; frame < frames; frame += hands) body(worker, frame);
    }
  });
}

void check_parameters(const at::Tensor& parameters, const MaskAxis& rows, const MaskAxis& columns) {
  TORCH_CHECK_VALUE(
      parameters.dim() >= 2 && parameters.size(-2) == rows.points && parameters.size(-1) == columns.points,
      "mask parameters for a ", rows.frame, "x", columns.frame, " frame must be (..., ", rows.points, ", ",
      columns.points, "), got ", parameters.sizes());
}

std::tuple<at::Tensor, at::Tensor> smooth_mask_with_denominator_cpu(const at::Tensor& parameters,
                                                                    std::int64_t height, std::int64_t width,
                                                                    std::int64_t step, double sigma) {
  const auto rows = mask_axis(height, step, sigma), columns = mask_axis(width, step, sigma);
  check_parameters(parameters, rows, columns);
  const auto input = parameters.contiguous();
  auto sizes = parameters.sizes().vec();
  sizes[sizes.size() - 2] = rows.canvas;
  sizes[sizes.size() - 1] = columns.canvas;
  auto canvas = at::empty(sizes, parameters.options()), denominator = at::empty_like(canvas);
  AT_DISPATCH_FLOATING_TYPES(input.scalar_type(), "fep::smooth_mask", [&] {
    const Generator<scalar_t> generator(rows, columns, step, sigma);
    const auto points = generator.points(), pixels = generator.pixels();
    const auto* in = input.const_data_ptr<scalar_t>();
    auto* out = canvas.mutable_data_ptr<scalar_t>();
    auto* sums = denominator.mutable_data_ptr<scalar_t>();
    deal_frames<Forward<scalar_t>>(input.numel() / points, generator, [&](auto& forward, std::int64_t frame) {
      forward.frame(in + frame * points, out + frame * pixels, sums + frame * pixels);
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
  const auto canvas_elements = input.numel() / (rows.points * columns.points) * rows.canvas * columns.canvas;
  for (const auto* given : {&upstream, &canvas, &denominator}) {
    TORCH_CHECK_VALUE(given->numel() == canvas_elements,
                      "the canvas, its gradient and its denominator must be (..., ", rows.canvas, ", ",
                      columns.canvas, "), got ", given->sizes());
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
    deal_frames<Backward<scalar_t>>(
        input.numel() / points, generator, [&](auto& backward, std::int64_t frame) {
          backward.frame(up + frame * pixels, in + frame * points, mask + frame * pixels,
                         sums + frame * pixels, out + frame * points);
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
