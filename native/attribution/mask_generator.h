#pragma once

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <cstdint>

#include "ops/common/arithmetic.h"
#include "ops/smooth_mask/published_canvas.h"
#include "ops/smooth_mask/smooth_mask.h"

namespace fep {

/// From free parameters to smooth masks and back, for one frame size. See ops/smooth_mask/smooth_mask.h.
struct MaskGenerator {
  std::int64_t height, width, step;
  double sigma;
  Arithmetic arithmetic = Arithmetic::fused;

  /// All ones: everything is kept. masks×T×⌈H/step⌉×⌈W/step⌉.
  at::Tensor initial_parameters(std::int64_t masks, std::int64_t frames,
                                const at::TensorOptions& options) const {
    return at::ones(
        {masks, frames, mask_axis(height, step, sigma).points, mask_axis(width, step, sigma).points},
        options);
  }

  /// The mask that every run starts from, that of parameters that are all 1: masks×T×H_c×W_c, rounded as
  /// published.
  at::Tensor initial_mask(std::int64_t masks, std::int64_t frames, const at::TensorOptions& options) const {
    const auto frame = published_canvas(initial_parameters(1, 1, options), height, width, step, sigma);
    return frame.expand({masks, frames, -1, -1}).contiguous();
  }

  /// The mask with its margins, N×T×H_c×W_c, and what backward() needs.
  SmoothMask forward(const at::Tensor& parameters) const {
    if (arithmetic == Arithmetic::published) return with_graph(parameters);
    return smooth_mask_with_denominator(parameters, height, width, step, sigma);
  }

  /// The mask on the frame, N×T×H×W, a view of the canvas (or of a gradient of its shape).
  at::Tensor frame(const at::Tensor& canvas) const {
    return crop_to_frame(canvas, height, width, step, sigma);
  }

  /// From the canvas's gradient to the parameters'.
  at::Tensor backward(const at::Tensor& canvas_gradient, const SmoothMask& mask) const {
    if (arithmetic == Arithmetic::published) {
      constexpr bool kRetainGraph = true;  // a modulated gradient is taken back in two parts
      return torch::autograd::grad({mask.canvas}, {mask.parameters}, {canvas_gradient}, kRetainGraph)[0];
    }
    return smooth_mask_backward_from(canvas_gradient, mask, height, width, step, sigma);
  }

 private:
  /// For Arithmetic::published: the canvas carries its graph.
  SmoothMask with_graph(const at::Tensor& parameters) const {
    const auto leaf = parameters.detach().requires_grad_(true);
    return {leaf, published_canvas_with_graph(leaf, height, width, step, sigma), {}};
  }
};

}  // namespace fep
