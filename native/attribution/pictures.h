#pragma once

#include <ATen/core/Tensor.h>

#include <array>

#include "attribution/clip_batch.h"
#include "attribution/portions.h"

namespace fep {

/// How normalised clips become pictures again: bytes = value·scale + offset, for each of the model's
/// channels.
struct PictureOptions {
  std::array<double, 3> scale = {255, 255, 255}, offset = {};
  bool is_bgr = false;  ///< the order of the model's channels
};

/// Clips N×3×T×H×W as RGB bytes N×T×H×W×3, rounded and clipped, on the CPU.
at::Tensor pictures_of(const at::Tensor& clips, const PictureOptions& options);

/// M ⊗ X of masks N×T×H×W of a batch's clips, as such pictures.
at::Tensor perturbed_pictures(const ClipBatch& clips, const at::Tensor& masks, Portions& portions,
                              const PictureOptions& options);

}  // namespace fep
