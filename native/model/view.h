#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace fep {

/// A window of a clip that a model takes as its input: some of the clip's frames, and a rectangle of each.
struct View {
  std::vector<std::int64_t> frames;  ///< places in the clip; a short clip's may repeat
  std::int64_t top = 0, left = 0;
};

/// Views of clips N×C×T×H×W, each height×width: (views·N)×C×T'×height×width, view by view. Differentiable:
/// the gradient of a voxel is the sum over the views that see it, added up in their order on every device.
at::Tensor cut_views(const at::Tensor& clips, const std::vector<View>& views, std::int64_t height,
                     std::int64_t width);

/// The reverse, for maps T'×height×width, one of each view: a map T×H×W of the sizes given that is their mean
/// where views overlap, and 0 where there is none.
at::Tensor join_views(const std::vector<at::Tensor>& maps, const std::vector<View>& views,
                      at::IntArrayRef sizes);

}  // namespace fep
