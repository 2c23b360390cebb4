#include "model/feature_maps.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace fep {
namespace {

/// Largest ratio of the two scales, H/H' and W/W'. Odd sizes are rounded; a map over something else than
/// height and width, as time and pixels, is far off.
constexpr double kMostDistortion = 1.5;

bool is_scaled_frame(std::int64_t height, std::int64_t width, const ModelSpec& spec) {
  if (height * width <= 1 || height > spec.height || width > spec.width) return false;
  const double down = static_cast<double>(spec.height) / static_cast<double>(height);
  const double across = static_cast<double>(spec.width) / static_cast<double>(width);
  return std::max(down, across) <= kMostDistortion * std::min(down, across);
}

}  // namespace

std::optional<MapLayout> map_layout(at::IntArrayRef sizes, const ModelSpec& spec) {
  if (sizes.size() < 4 || sizes.size() > 5) return std::nullopt;
  if (!is_scaled_frame(sizes[sizes.size() - 2], sizes.back(), spec)) return std::nullopt;
  if (sizes.size() == 4) {
    return sizes[0] <= spec.frames ? std::optional(MapLayout::TCHW) : std::nullopt;
  }
  if (sizes[0] != 1) return std::nullopt;
  const bool frames_first =
      spec.layout == Layout::NTCHW && sizes[1] == spec.frames && sizes[2] != spec.frames;
  return frames_first ? MapLayout::NTCHW : MapLayout::NCTHW;
}

at::Tensor to_feature_maps(const at::Tensor& output, MapLayout layout) {
  if (layout == MapLayout::NCTHW) return output[0];
  const auto frames = layout == MapLayout::NTCHW ? output[0] : output;
  return frames.transpose(0, 1);
}

}  // namespace fep
