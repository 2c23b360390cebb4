#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

#include "common/enum_names.h"
#include "model/model_spec.h"

namespace fep {

/// Order of the axes of a layer's output for one clip, where it has an extent in space.
enum class MapLayout {
  NCTHW,  ///< 1×C×T'×H'×W'
  NTCHW,  ///< 1×T'×C×H'×W'
  TCHW,   ///< T'×C×H'×W': frames as a batch of pictures, as temporal shift networks have it
};
template <>
inline constexpr auto kNames<MapLayout> = std::to_array<Named<MapLayout>>(
    {{"NCTHW", MapLayout::NCTHW}, {"NTCHW", MapLayout::NTCHW}, {"TCHW", MapLayout::TCHW}});

/// How a layer's output is laid out, inferred from its sizes; none where it is not a stack of feature maps.
///
/// H'×W' must be the frame scaled down, by about as much in both directions, and more than one pixel. Five
/// axes are N×T'×C×H'×W' if the model takes its input so and the second axis has as many entries as the clip
/// has frames and the third has not.
std::optional<MapLayout> map_layout(at::IntArrayRef sizes, const ModelSpec& spec);

/// A layer's output for one clip as C×T'×H'×W'.
at::Tensor to_feature_maps(const at::Tensor& output, MapLayout layout);

}  // namespace fep
