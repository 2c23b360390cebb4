#pragma once

#include "attribution/layer_gradient.h"

namespace fep {

/// Grad-CAM++, A. Chattopadhyay et al., 2018: positions whose evidence is strong count more. With
/// g = ∂S_y/∂A_c and all sums over the positions that share a weight:
///
///   α = g² / (2·g² + ΣA_c · g³), 0 where the denominator is 0;   w_c = Σ α·ReLU(g);   map = ReLU(Σ_c
///   w_c·A_c)
///
/// The paper explains exp(S_y), whose higher derivatives are those of the linear S_y; the factor exp(S_y)
/// that this leaves in w_c is the same everywhere and is dropped. The maps of several layers are added.
/// @throws LayerError when positions share no weight, or there is no such layer, or its output has no extent
/// in space
Attribution grad_cam_plus_plus(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                               const CamOptions& options);

}  // namespace fep
