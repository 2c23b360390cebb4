#pragma once

#include <cstdint>
#include <vector>

namespace fep {

/// What a convolution is told besides its tensors: a number for each axis it moves along, and its groups.
struct ConvolutionShape {
  std::vector<std::int64_t> stride, padding, dilation;
  std::int64_t groups = 1;
};

}  // namespace fep
