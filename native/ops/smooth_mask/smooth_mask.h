#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fep {

/// One axis of the mask generator: how a coarse row of control points becomes a smooth row of pixels.
///
/// Control point i sits at canvas coordinate sigma + step·i. The pixel at canvas coordinate u looks at the
/// 2·radius+1 points with indices floor(u/step) + 0…2·radius − pad; indices outside [0, points) lie off the
/// grid. The canvas is larger than the frame on both sides; the frame begins at pixel `margin` of it.
struct MaskAxis {
  std::int64_t frame;   ///< pixels of the frame
  std::int64_t points;  ///< control points, ⌈frame/step⌉
  std::int64_t cells;   ///< runs of `step` pixels that share one neighbourhood; the last run is one pixel
  std::int64_t canvas;  ///< pixels of the canvas, step·cells − step + 1
  std::int64_t margin;  ///< first pixel of the frame on the canvas, round(sigma)
  std::int64_t pad;     ///< 1 + ⌈2σ/step⌉
  std::int64_t radius;  ///< 1 + ⌈σ/step⌉
};

/// The geometry of one axis. Where the published canvas, step·(points + 2·pad − 2·radius) − step + 1, is too
/// small to hold margin + frame, cells are added at its end: a mask always covers the whole frame.
MaskAxis mask_axis(std::int64_t frame, std::int64_t step, double sigma);

/// Mask generator of Extremal Perturbations (Fong, Patrick and Vedaldi, ICCV 2019, "smooth masks").
///
/// Each canvas pixel takes a soft maximum over the control points around it: v_i = p_i·k(d_i/σ) with
/// k(z) = exp(−2·max(z−½, 0)²) and d_i the distance from pixel to point; m = Σ v_i·softmax(20·v)_i, clamped
/// to [0, 1]. Points off the grid take part in the softmax with v = 0.
///
/// parameters: (…, ⌈height/step⌉, ⌈width/step⌉), float or double. Returns the whole canvas (…, H_c, W_c).
at::Tensor smooth_mask(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                       std::int64_t step, double sigma);

/// Gradient of smooth_mask with respect to the parameters, given the gradient of the canvas.
at::Tensor smooth_mask_backward(const at::Tensor& canvas_gradient, const at::Tensor& parameters,
                                std::int64_t height, std::int64_t width, std::int64_t step, double sigma);

/// A canvas, and what its backward needs.
struct SmoothMask {
  at::Tensor parameters;
  at::Tensor canvas;
  at::Tensor denominator;  ///< the softmax's, shaped like the canvas
};

/// smooth_mask for callers that need its gradient as well: nothing is computed twice then.
SmoothMask smooth_mask_with_denominator(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                                        std::int64_t step, double sigma);

/// smooth_mask_backward, from what the forward pass has kept.
at::Tensor smooth_mask_backward_from(const at::Tensor& canvas_gradient, const SmoothMask& mask,
                                     std::int64_t height, std::int64_t width, std::int64_t step,
                                     double sigma);

/// The frame's part of a canvas: (…, H_c, W_c) -> (…, height, width), a view.
at::Tensor crop_to_frame(const at::Tensor& canvas, std::int64_t height, std::int64_t width, std::int64_t step,
                         double sigma);

}  // namespace fep
