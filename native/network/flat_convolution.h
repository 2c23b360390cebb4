#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

#include "network/convolution_shape.h"

namespace fep {

/// A three-dimensional convolution that moves only within frames or only across frames (the two halves of an
/// R(2+1)D block), as a two-dimensional one over the same numbers. libtorch has better kernels for these, and
/// computes some three-dimensional ones of a single small clip without its fast kernels.
class FlatConvolution {
 public:
  enum class Along { frames, time };

  explicit FlatConvolution(Along along) : along_(along) {}

  /// None where the convolution moves both within frames and across them.
  static std::optional<FlatConvolution> of(const at::Tensor& weight, const ConvolutionShape& shape);

  /// None also where its tensors are contiguous, that is, lie frame by frame for each channel: then frames
  /// are not a batch of pictures without a copy.
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
