#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fep {

/// smooth_mask with the published code's rounding: computed from the definition, in its order of operations.
/// Slow; for the first mask of a run.
///
/// On that mask most values are equal but for rounding, and the area energy pulls those above its threshold
/// up and the others down. With any other rounding it selects other voxels, and the loop amplifies that.
///
/// parameters: N×T×⌈height/step⌉×⌈width/step⌉. Returns the canvas, N×T×H_c×W_c.
at::Tensor published_canvas(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                            std::int64_t step, double sigma);

/// The same from copies of the parameters, one for each of a neighbourhood's (2·radius+1)² points, as the
/// published code has it, with PyTorch's own graph for its gradient: for Arithmetic::published, whose
/// gradients are rounded as published too. The parameters must require a gradient.
at::Tensor published_canvas_with_graph(const at::Tensor& parameters, std::int64_t height, std::int64_t width,
                                       std::int64_t step, double sigma);

}  // namespace fep
