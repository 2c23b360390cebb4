#include "ops/smooth_mask/published_canvas.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <array>
#include <vector>

#include "ops/smooth_mask/smooth_mask.h"

namespace fep {
namespace {

constexpr double kColdness = 20;

/// Rows are made this many at a time: whole vectors of 16 floats whatever the width, and no large
/// intermediate.
constexpr std::int64_t kStrip = 16;

/// Which control points the pixels u of one axis look at, taps×pixels, and how far away those are.
struct Reach {
  at::Tensor point, on_grid, distance;

  Reach(const at::Tensor& pixels, const MaskAxis& axis, std::int64_t step, double sigma) {
    const auto taps = at::arange(2 * axis.radius + 1, pixels.options()).unsqueeze(1);
    const auto points = at::floor(pixels / step).unsqueeze(0) + taps - axis.pad;
    distance = pixels.unsqueeze(0) - (points * step + sigma);
    on_grid = (points >= 0).logical_and(points < axis.points);
    point = points.clamp(0, axis.points - 1).to(at::kLong);
  }
};

/// What all frames share in one strip, each taps×taps×rows×columns.
struct Strip {
  at::Tensor point;   ///< index into a frame's parameters
  at::Tensor weight;  ///< k(d/σ), 0 for points off the grid

  Strip(const Reach& rows, const Reach& columns, std::int64_t points_across, double sigma) {
    const auto down = [](const at::Tensor& y) { return y.unsqueeze(1).unsqueeze(3); };
    const auto across = [](const at::Tensor& x) { return x.unsqueeze(0).unsqueeze(2); };
    const auto distance = at::sqrt(down(rows.distance).square() + across(columns.distance).square());
    const auto on_grid = down(rows.on_grid).logical_and(across(columns.on_grid));
    weight = at::exp((distance / sigma - 0.5).clamp_min(0).square() * -2) * on_grid;
    point = down(rows.point) * points_across + across(columns.point);
  }

  /// Σ v·softmax(20·v) over the points of both axes for one frame's parameters, rows×columns.
  at::Tensor soft_maximum(const at::Tensor& parameters) const {
    const auto around = parameters.flatten().index_select(0, point.flatten()).view_as(weight);
    const auto values = (weight * around).flatten(0, 1);
    return (values * at::softmax(values * kColdness, 0)).sum(0);
  }
};

/// The weights k(d/σ) of all pixels, (2·radius+1)²×rows×columns.
at::Tensor weights_of(const MaskAxis& rows, const MaskAxis& columns, const at::TensorOptions& options,
                      std::int64_t step, double sigma) {
  const Reach down(at::arange(rows.canvas, options), rows, step, sigma);
  const Reach across(at::arange(columns.canvas, options), columns, step, sigma);
  return Strip(down, across, columns.points, sigma).weight.flatten(0, 1);
}

/// The definition on copies of the parameters, one for each point of a neighbourhood: frames×h×w to
/// frames×rows×columns.
at::Tensor unfolded_canvas(const at::Tensor& parameters, const at::Tensor& weights, const MaskAxis& rows,
                           const MaskAxis& columns, std::int64_t step) {
  // Zeros around the grid, as many as the cells at the end of the axis look at.
  const auto after = [](const MaskAxis& axis) {
    return axis.cells + 2 * axis.radius - axis.points - axis.pad;
  };
  const auto padded =
      at::constant_pad_nd(parameters.unsqueeze(1), {columns.pad, after(columns), rows.pad, after(rows)});
  const std::array<std::int64_t, 2> taps{2 * rows.radius + 1, 2 * columns.radius + 1}, one{1, 1}, none{0, 0};
  const auto copies =
      at::im2col(padded, taps, one, none, one).view({parameters.size(0), -1, rows.cells, columns.cells});
  const auto spread = at::upsample_nearest2d(copies, {rows.cells * step, columns.cells * step});
  const auto around = spread.slice(2, 0, rows.canvas).slice(3, 0, columns.canvas);
  const auto values = weights.unsqueeze(0) * around;
  return (values * at::softmax(values * kColdness, 1)).sum(1).clamp(0, 1);
}

}  // namespace

at::Tensor published_canvas_with_graph(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                                       std::int64_t step, double sigma) {
  const auto rows = mask_axis(height, step, sigma), columns = mask_axis(width, step, sigma);
  const auto weights = weights_of(rows, columns, parameters.options(), step, sigma);
  const at::AutoGradMode with_gradient(true);
  std::vector<at::Tensor> canvases;
  for (const auto& one : parameters.unbind(0)) {
    canvases.push_back(unfolded_canvas(one, weights, rows, columns, step));
  }
  return at::stack(canvases);
}

at::Tensor published_canvas(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                            std::int64_t step, double sigma) {
  const auto rows = mask_axis(height, step, sigma), columns = mask_axis(width, step, sigma);
  const auto frames = parameters.flatten(0, 1);
  const auto options = parameters.options();
  const Reach across(at::arange(columns.canvas, options), columns, step, sigma);
  auto canvas = at::empty({frames.size(0), rows.canvas, columns.canvas}, options);
  for (std::int64_t y = 0; y < rows.canvas; y += kStrip) {
    const Strip strip({at::arange(y, y + kStrip, options), rows, step, sigma}, across, columns.points, sigma);
    const auto wanted = std::min(kStrip, rows.canvas - y);
    const auto make = [&](std::int64_t begin, std::int64_t end) {
      for (auto frame = begin; frame < end; ++frame) {
        const auto pixels = strip.soft_maximum(frames[frame]);
        canvas[frame].narrow(0, y, wanted).copy_(pixels.narrow(0, 0, wanted));
      }
    };
    // One frame for each thread: if split among threads, each of these small operators would wait for the
    // last of them. A GPU is used from one thread, as every thread has a stream of its own.
    if (canvas.is_cpu()) {
      at::parallel_for(0, frames.size(0), 1, make);
    } else {
      make(0, frames.size(0));
    }
  }
  return canvas.clamp_(0, 1).view({parameters.size(0), parameters.size(1), rows.canvas, columns.canvas});
}

}  // namespace fep
