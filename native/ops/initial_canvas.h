#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fep {

/// smooth_mask of parameters that are all 1, one frame, H_c×W_c: what every run starts from.
///
/// It is computed from the definition, in the order of operations that the published code has, and so rounds
/// as that does. On this canvas most values are equal but for rounding, and the area energy pulls those
/// beyond its threshold up and the others down: with any other rounding the first update takes other voxels,
/// and the loop amplifies that. Later canvases have no such ties.
at::Tensor initial_canvas(std::int64_t height, std::int64_t width, std::int64_t step, double sigma,
                          const at::TensorOptions& options);

}  // namespace fep
