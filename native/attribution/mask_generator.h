#pragma once

#include <ATen/ATen.h>

#include <cstdint>

#include "ops/initial_canvas.h"
#include "ops/smooth_mask.h"

namespace fep {

/// From free parameters to smooth masks and back, for one frame size. See ops/smooth_mask.h.
struct MaskGenerator {
  std::int64_t height, width, step;
  double sigma;

  /// All ones: everything is kept. masks×T×⌈H/step⌉×⌈W/step⌉.
  at::Tensor initial_parameters(std::int64_t masks, std::int64_t frames,
                                const at::TensorOptions& options) const {
    return at::ones(
        {masks, frames, mask_axis(height, step, sigma).points, mask_axis(width, step, sigma).points},
        options);
  }

  /// The mask of the initial parameters with its margins, masks×T×H_c×W_c. See ops/initial_canvas.h.
  at::Tensor initial_mask(std::int64_t masks, std::int64_t frames, const at::TensorOptions& options) const {
    const auto canvas = initial_canvas(height, width, step, sigma, options);
    return canvas.expand({masks, frames, -1, -1}).contiguous();
  }

  /// The mask with its margins, N×T×H_c×W_c, and what backward() needs.
  SmoothMask forward(const at::Tensor& parameters) const {
    return smooth_mask_with_denominator(parameters, height, width, step, sigma);
  }

  /// The mask on the frame, N×T×H×W, a view of the canvas (or of a gradient of its shape).
  at::Tensor frame(const at::Tensor& canvas) const {
    return crop_to_frame(canvas, height, width, step, sigma);
  }

  /// From the canvas's gradient to the parameters'.
  at::Tensor backward(const at::Tensor& canvas_gradient, const SmoothMask& mask) const {
    return smooth_mask_backward_from(canvas_gradient, mask, height, width, step, sigma);
  }
};

}  // namespace fep
