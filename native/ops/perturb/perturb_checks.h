#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fep {

/// @throws c10::ValueError unless pyramid and mask fit each other
inline void check_pyramid_and_mask(const at::Tensor& pyramid, const at::Tensor& mask) {
  TORCH_CHECK_VALUE(mask.dim() == 4, "the mask must be N x T x H x W, got ", mask.sizes());
  TORCH_CHECK_VALUE(pyramid.dim() == 5, "a pyramid is levels x C x T x H x W, got ", pyramid.sizes());
  TORCH_CHECK_VALUE(
      mask.size(1) == pyramid.size(2) && mask.size(2) == pyramid.size(3) && mask.size(3) == pyramid.size(4),
      "the mask must be N x T x H x W with the pyramid's T, H and W, ", pyramid.sizes(), ", got ",
      mask.sizes());
  TORCH_CHECK_VALUE(mask.scalar_type() == pyramid.scalar_type(),
                    "mask and pyramid differ in type: ", mask.scalar_type(), " and ", pyramid.scalar_type());
  TORCH_CHECK_VALUE(pyramid.numel() < (std::int64_t{1} << 31), "the pyramid is too large: ", pyramid.sizes());
}

/// @throws c10::ValueError unless a gradient is shaped like what perturb returns
inline void check_clips_gradient(const at::Tensor& gradient, const at::Tensor& pyramid,
                                 const at::Tensor& mask) {
  TORCH_CHECK_VALUE(gradient.dim() == 5 && gradient.numel() == mask.numel() * pyramid.size(1),
                    "the gradient must be N x C x T x H x W, got ", gradient.sizes());
}

}  // namespace fep
