#include "network/flat_convolution.h"

#include <ATen/ATen.h>

namespace fep {
namespace {

constexpr auto kChannelsLast = at::MemoryFormat::ChannelsLast3d;

/// Whether the convolution does not move along an axis, 0 being time, 1 height and 2 width.
bool is_still(const at::Tensor& weight, const ConvolutionShape& shape, std::size_t axis) {
  return weight.size(static_cast<std::int64_t>(axis) + 2) == 1 && shape.stride[axis] == 1 &&
         shape.padding[axis] == 0;
}

/// The same tensor with the strides that libtorch itself gives one with channels last. For a single clip,
/// views leave an arbitrary stride on the batch axis: it has no effect, but libtorch, which infers the memory
/// format from strides, would infer another one.
at::Tensor with_usual_strides(const at::Tensor& clips) {
  return clips.is_contiguous(kChannelsLast)
             ? clips.as_strided(clips.sizes(), c10::get_channels_last_strides_3d(clips.sizes()))
             : clips;
}

/// Decides, as libtorch does, in which memory format a convolution works.
bool is_channels_last(const at::Tensor& input, const at::Tensor& weight) {
  return input.suggest_memory_format() == kChannelsLast || weight.suggest_memory_format() == kChannelsLast;
}

}  // namespace

std::optional<FlatConvolution> FlatConvolution::of(const at::Tensor& input, const at::Tensor& weight,
                                                   const ConvolutionShape& shape) {
  return input.dim() == 5 && is_channels_last(input, weight) ? of(weight, shape) : std::nullopt;
}

std::optional<FlatConvolution> FlatConvolution::of(const at::Tensor& weight, const ConvolutionShape& shape) {
  const bool has_three_axes = weight.dim() == 5 && shape.stride.size() == 3 && shape.padding.size() == 3 &&
                              shape.dilation.size() == 3;
  if (!has_three_axes) return {};
  if (is_still(weight, shape, 0)) return FlatConvolution(Along::frames);
  if (is_still(weight, shape, 1) && is_still(weight, shape, 2)) return FlatConvolution(Along::time);
  return {};
}

at::Tensor FlatConvolution::flatten(const at::Tensor& clip) const {
  const auto ordered = clip.contiguous(kChannelsLast);
  return along_ == Along::frames ? ordered.transpose(1, 2).flatten(0, 1) : ordered.flatten(3, 4);
}

at::Tensor FlatConvolution::unflatten(const at::Tensor& planes, std::int64_t clips,
                                      std::int64_t width) const {
  return with_usual_strides(along_ == Along::frames ? planes.unflatten(0, {clips, -1}).transpose(1, 2)
                                                    : planes.unflatten(3, {-1, width}));
}

at::Tensor FlatConvolution::flatten_weight(const at::Tensor& weight) const {
  const auto ordered = weight.contiguous(kChannelsLast);
  return along_ == Along::frames ? ordered.squeeze(2) : ordered.squeeze(4);
}

ConvolutionShape FlatConvolution::flatten(const ConvolutionShape& shape) const {
  const auto part = [this](const std::vector<std::int64_t>& all) {
    return along_ == Along::frames ? std::vector(all.end() - 2, all.end())
                                   : std::vector(all.begin(), all.begin() + 2);
  };
  return {part(shape.stride), part(shape.padding), part(shape.dilation), shape.groups, shape.any_order};
}

}  // namespace fep
