#pragma once

#include <cstdint>
#include <vector>

namespace fep {

/// The arguments of a convolution besides its tensors: a number for each axis that it moves along, its
/// groups, and whether it may sum in another order than PyTorch does.
struct ConvolutionShape {
  std::vector<std::int64_t> stride, padding, dilation;
  std::int64_t groups = 1;
  bool any_order = false;
};

}  // namespace fep
