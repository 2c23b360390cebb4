#include "initial_canvas.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "smooth_mask.h"

namespace fep {
namespace {

constexpr double kColdness = 20;

/// Rows are made this many at a time: whole vectors of 16 floats whatever the width, and no large
/// intermediate.
constexpr std::int64_t kStrip = 16;

/// How far pixels u lie from the control points they look at, taps×pixels, and whether those are on the grid.
struct Reach {
  at::Tensor distance, on_grid;

  Reach(const at::Tensor& pixels, const MaskAxis& axis, std::int64_t step, double sigma) {
    const auto taps = at::arange(2 * axis.radius + 1, pixels.options()).unsqueeze(1);
    const auto point = at::floor(pixels / step).unsqueeze(0) + taps - axis.pad;
    distance = pixels.unsqueeze(0) - (point * step + sigma);
    on_grid = (point >= 0).logical_and(point < axis.points);
  }
};

/// Σ v·softmax(20·v) over the points of both axes, rows×columns.
at::Tensor soft_maximum(const Reach& rows, const Reach& columns, double sigma) {
  const auto down = rows.distance.unsqueeze(1).unsqueeze(3);
  const auto across = columns.distance.unsqueeze(0).unsqueeze(2);
  const auto distance = at::sqrt(down.square() + across.square());
  const auto weight = at::exp((distance / sigma - 0.5).clamp_min(0).square() * -2);
  const auto on_grid =
      rows.on_grid.unsqueeze(1).unsqueeze(3).logical_and(columns.on_grid.unsqueeze(0).unsqueeze(2));
  const auto values = (weight * on_grid).flatten(0, 1);
  return (values * at::softmax(values * kColdness, 0)).sum(0);
}

}  // namespace

at::Tensor initial_canvas(std::int64_t height, std::int64_t width, std::int64_t step, double sigma,
                          const at::TensorOptions& options) {
  const auto rows = mask_axis(height, step, sigma), columns = mask_axis(width, step, sigma);
  const Reach across(at::arange(columns.canvas, options), columns, step, sigma);
  auto canvas = at::empty({rows.canvas, columns.canvas}, options);
  for (std::int64_t y = 0; y < rows.canvas; y += kStrip) {
    const Reach down(at::arange(y, y + kStrip, options), rows, step, sigma);
    const auto wanted = std::min(kStrip, rows.canvas - y);
    canvas.narrow(0, y, wanted).copy_(soft_maximum(down, across, sigma).narrow(0, 0, wanted));
  }
  return canvas.clamp_(0, 1);
}

}  // namespace fep
