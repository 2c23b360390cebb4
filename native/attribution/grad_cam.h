#pragma once

#include "attribution/layer_gradient.h"

namespace fep {

/// Grad-CAM, R. R. Selvaraju et al.: Grad-CAM: Visual Explanations from Deep Networks, 2017, over a video:
///
///   w_c = mean of ∂S_y/∂A_c over the positions that share a weight;   map = ReLU(Σ_c w_c·A_c)
///
/// at the layer's resolution, then as large as the clip (see class_activation_map). With a weight for each
/// position, w_c is the gradient itself: HiResCAM, R. L. Draelos, L. Carin: Use HiResCAM instead of Grad-CAM
/// for faithful explanations of convolutional neural networks, 2020. It is 0
/// at what goes into nothing but a layer normalisation, whose answer does not change with the scale of its
/// input. The maps of several layers are added.
/// @throws LayerError when there is no such layer, or its output has no extent in space
Attribution grad_cam(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                     const CamOptions& options);

}  // namespace fep
