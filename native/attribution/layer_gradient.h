#pragma once

#include <functional>
#include <string>
#include <vector>

#include "attribution/attribution.h"
#include "common/enum_names.h"

namespace fep {

/// Which positions share a channel's weight.
enum class CamWeights {
  clip,     ///< one weight over T'·H'·W'
  frame,    ///< one for each frame, over H'·W'
  element,  ///< one for each position
};
template <>
inline constexpr auto kNames<CamWeights> = std::to_array<Named<CamWeights>>(
    {{"clip", CamWeights::clip}, {"frame", CamWeights::frame}, {"element", CamWeights::element}});

struct CamOptions {
  std::string layer;  ///< as VideoModel::layers names it; several with commas between them
  CamWeights weights = CamWeights::clip;
};

/// A layer's feature maps A for one clip and ∂S_y/∂A, both C×T'×H'×W'.
struct LayerGradient {
  at::Tensor maps;
  at::Tensor gradient;
};

/// Of each of the layers, in one forward and backward pass: of the clip, or where the model averages over
/// views of each view.
/// @throws LayerError when there is no such layer, or its output has no extent in space
std::vector<std::vector<LayerGradient>> layer_gradients(VideoModel& model, const at::Tensor& clip,
                                                        std::int64_t target, const std::string& layers,
                                                        double& seconds);

/// The axes of C×T'×H'×W' that share a weight, of which each position alone has none.
at::DimVector shared_axes(CamWeights weights);

/// The weights w of a layer's feature maps: C×T'×H'×W', or 1 in place of axes that share them.
using WeightsOf = std::function<at::Tensor(const LayerGradient&)>;

/// The class activation maps ReLU(Σ over channels of w·A) of the layers, made as large as the clip by
/// trilinear interpolation with the corners' pixels not aligned, and added. Where the model averages over
/// views, each view's map lies where the view does; where views overlap, it is their mean. Its map is T×H×W.
/// @throws LayerError as layer_gradients()
Attribution class_activation_map(VideoModel& model, const at::Tensor& clip, std::int64_t target,
                                 const std::string& layers, const WeightsOf& weights_of);

}  // namespace fep
