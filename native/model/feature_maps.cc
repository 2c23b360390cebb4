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

/// Whether 1×T'×H'×W'×C fits, and 1×C×T'×H'×W' does not or would have more moments than the clip has frames.
bool has_channels_last(at::IntArrayRef sizes, const ModelSpec& spec) {
  if (sizes[1] > spec.frames || !is_scaled_frame(sizes[2], sizes[3], spec)) return false;
  return !is_scaled_frame(sizes[3], sizes[4], spec) || sizes[2] > spec.frames;
}

std::optional<MapLayout> layout_of_five(at::IntArrayRef sizes, const ModelSpec& spec) {
  if (sizes[0] != 1) return std::nullopt;
  const bool frames_first =
      spec.layout == Layout::NTCHW && sizes[1] == spec.frames && sizes[2] != spec.frames;
  const bool is_frame = is_scaled_frame(sizes[3], sizes[4], spec);
  if (is_frame && frames_first) return MapLayout::NTCHW;
  if (has_channels_last(sizes, spec)) return MapLayout::NTHWC;
  return is_frame ? std::optional(MapLayout::NCTHW) : std::nullopt;
}

std::optional<MapForm> form_of_tokens(at::IntArrayRef sizes, const TokenGrid& tokens) {
  if (sizes[0] == 1) {
    if (const auto grid = grid_of(sizes[1], tokens)) return MapForm{MapLayout::NLC, grid};
  }
  if (sizes[0] != tokens.sizes[0]) return std::nullopt;
  const auto grid = grid_of_frame(sizes[1], tokens);
  return grid ? std::optional(MapForm{MapLayout::TLC, grid}) : std::nullopt;
}

/// Patches N×(T'·H'·W')×C, or in another order, as C×T'×H'×W'.
at::Tensor arranged(const at::Tensor& patches, const MapForm& form) {
  const auto [time, height, width] = form.grid->sizes;
  const auto channels = patches.size(-1);
  const bool is_time_last = form.layout == MapLayout::NLC && form.grid->time_last;
  if (is_time_last) return patches.reshape({height, width, time, channels}).permute({3, 2, 0, 1});
  return patches.reshape({time, height, width, channels}).permute({3, 0, 1, 2});
}

}  // namespace

std::optional<MapForm> map_form(at::IntArrayRef sizes, const ModelSpec& spec,
                                const std::optional<TokenGrid>& tokens) {
  if (sizes.size() == 3) return tokens ? form_of_tokens(sizes, *tokens) : std::nullopt;
  if (sizes.size() == 4) {
    const bool fits = sizes[0] <= spec.frames && is_scaled_frame(sizes[2], sizes[3], spec);
    return fits ? std::optional(MapForm{MapLayout::TCHW, std::nullopt}) : std::nullopt;
  }
  if (sizes.size() != 5) return std::nullopt;
  const auto layout = layout_of_five(sizes, spec);
  return layout ? std::optional(MapForm{*layout, std::nullopt}) : std::nullopt;
}

at::Tensor to_feature_maps(const at::Tensor& output, const MapForm& form) {
  switch (form.layout) {
    case MapLayout::NCTHW:
      return output[0];
    case MapLayout::NTCHW:
      return output[0].transpose(0, 1);
    case MapLayout::TCHW:
      return output.transpose(0, 1);
    case MapLayout::NTHWC:
      return output[0].permute({3, 0, 1, 2});
    default:
      return arranged(output.slice(1, form.grid->prefix), form);
  }
}

}  // namespace fep
