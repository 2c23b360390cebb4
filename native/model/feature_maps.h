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
  NTHWC,  ///< 1×T'×H'×W'×C, as transformers over windows have it
  NLC,    ///< 1×L×C: tokens, class tokens before T'·H'·W' of patches
  TLC,    ///< T'×L×C: the tokens of each frame, class tokens before H'·W' of patches
};
template <>
inline constexpr auto kNames<MapLayout> = std::to_array<Named<MapLayout>>({{"NCTHW", MapLayout::NCTHW},
                                                                           {"NTCHW", MapLayout::NTCHW},
                                                                           {"TCHW", MapLayout::TCHW},
                                                                           {"NTHWC", MapLayout::NTHWC},
                                                                           {"NLC", MapLayout::NLC},
                                                                           {"TLC", MapLayout::TLC}});

/// How a layer's output is a stack of feature maps.
struct MapForm {
  MapLayout layout;
  std::optional<TokenGrid> grid;  ///< where it consists of tokens
};

/// How a layer's output is a stack of feature maps, inferred from its sizes; none where it is none.
///
/// H'×W' must be the frame scaled down, by about as much in both directions, and more than one pixel. Five
/// axes are N×T'×C×H'×W' if the model takes its input so and the second axis has as many entries as the clip
/// has frames and the third has not; they are N×T'×H'×W'×C where the last two are no frame. Three axes are
/// tokens where the model's grid is known.
std::optional<MapForm> map_form(at::IntArrayRef sizes, const ModelSpec& spec,
                                const std::optional<TokenGrid>& tokens);

/// A layer's output for one clip as C×T'×H'×W', class tokens left out.
at::Tensor to_feature_maps(const at::Tensor& output, const MapForm& form);

}  // namespace fep
