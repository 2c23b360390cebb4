#pragma once

#include <ATen/core/Tensor.h>

#include "ops/cuda/launch.cuh"

namespace fep::cuda {

/// @throws c10::ValueError when a tensor has more elements than a kernel counts
inline void check_countable(const at::Tensor& tensor, const char* name) {
  TORCH_CHECK_VALUE(tensor.numel() <= kMostElements, name,
                    " is too large for a GPU's kernel: ", tensor.sizes());
}

/// @throws c10::ValueError unless all lie on the first one's device and are of its type
inline void check_alike(const at::Tensor& first, std::initializer_list<const at::Tensor*> others) {
  for (const auto* other : others) {
    TORCH_CHECK_VALUE(other->device() == first.device() && other->scalar_type() == first.scalar_type(),
                      "tensors of one operator must lie on one device and be of one type, got ",
                      first.device(), " ", first.scalar_type(), " and ", other->device(), " ",
                      other->scalar_type());
  }
}

}  // namespace fep::cuda
