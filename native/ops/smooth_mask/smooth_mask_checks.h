#pragma once

#include <ATen/core/Tensor.h>

#include "ops/smooth_mask/smooth_mask.h"

namespace fep {

/// @throws c10::ValueError unless parameters are (…, ⌈height/step⌉, ⌈width/step⌉)
inline void check_parameters(const at::Tensor& parameters, const MaskAxis& rows, const MaskAxis& columns) {
  TORCH_CHECK_VALUE(
      parameters.dim() >= 2 && parameters.size(-2) == rows.points && parameters.size(-1) == columns.points,
      "mask parameters for a ", rows.frame, "x", columns.frame, " frame must be (..., ", rows.points, ", ",
      columns.points, "), got ", parameters.sizes());
}

/// The sizes of the canvas of such parameters.
inline std::vector<std::int64_t> canvas_sizes(const at::Tensor& parameters, const MaskAxis& rows,
                                              const MaskAxis& columns) {
  auto sizes = parameters.sizes().vec();
  sizes[sizes.size() - 2] = rows.canvas;
  sizes[sizes.size() - 1] = columns.canvas;
  return sizes;
}

/// @throws c10::ValueError unless a canvas, or what is shaped like one, fits the parameters
inline void check_canvas(const at::Tensor& canvas, const at::Tensor& parameters, const MaskAxis& rows,
                         const MaskAxis& columns) {
  const auto frames = parameters.numel() / (rows.points * columns.points);
  TORCH_CHECK_VALUE(canvas.numel() == frames * rows.canvas * columns.canvas,
                    "the canvas, its gradient and its denominator must be (..., ", rows.canvas, ", ",
                    columns.canvas, "), got ", canvas.sizes());
}

}  // namespace fep
