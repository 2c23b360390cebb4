#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

#include "network/convolution_shape.h"

namespace fep {

/// A three-dimensional convolution that moves within frames alone, or across frames alone (the two halves of
/// an R(2+1)D block), as one in two dimensions over the same numbers. libtorch has better kernels for those,
/// and some three-dimensional ones of a single small clip it does without its fast kernels altogether.
class FlatConvolution {
 public:
  enum class Along { frames, time };

  explicit FlatConvolution(Along along) : along_(along) {}

  /// Nothing where the convolution moves within frames and across them.
  static std::optional<FlatConvolution> of(const at::Tensor& weight, const ConvolutionShape& shape);

  /// Nothing where the convolution is no such one, or where its tensors lie frame by frame for each channel
  /// (contiguous): then a channel's frames are not a batch of pictures without being copied.
  static std::optional<FlatConvolution> of(const at::Tensor& input, const at::Tensor& weight,
                                           const ConvolutionShape& shape);

  /// N×C×T×H×W as (N·T)×C×H×W or N×C×T×(H·W), without a copy where channels lie last.
  at::Tensor flatten(const at::Tensor& clip) const;
  /// The inverse, for a batch of `clips`, and `width` columns.
  at::Tensor unflatten(const at::Tensor& planes, std::int64_t clips, std::int64_t width) const;

  at::Tensor flatten_weight(const at::Tensor& weight) const;
  ConvolutionShape flatten(const ConvolutionShape& shape) const;

 private:
  Along along_;
};

}  // namespace fep
