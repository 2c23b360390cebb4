#pragma once

#include <string>

#include "attribution/attribution.h"
#include "common/enum_names.h"

namespace fep {

/// Which positions share a channel's weight.
enum class CamWeights {
  clip,   ///< one weight over T'·H'·W'
  frame,  ///< one for each frame, over H'·W'
};
template <>
inline constexpr auto kNames<CamWeights> =
    std::to_array<Named<CamWeights>>({{"clip", CamWeights::clip}, {"frame", CamWeights::frame}});

struct CamOptions {
  std::string layer;  ///< as VideoModel::layers names it
  CamWeights weights = CamWeights::clip;
};

/// A layer's feature maps A for one clip and ∂S_y/∂A, both C×T'×H'×W'.
struct LayerGradient {
  at::Tensor maps;
  at::Tensor gradient;
};

/// @throws LayerError when there is no such layer, or its output has no extent in space
LayerGradient layer_gradient(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                             const std::string& layer, double& seconds);

/// The axes of C×T'×H'×W' that share a weight.
at::DimVector shared_axes(CamWeights weights);

/// The class activation map ReLU(Σ over channels of w·A), made as large as the clip by trilinear
/// interpolation with the corners' pixels not aligned. weights: C×T'×1×1 or C×1×1×1. Returns T×H×W.
at::Tensor class_activation_map(const at::Tensor& maps, const at::Tensor& weights, const at::Tensor& clip);

}  // namespace fep
