#pragma once

#include <ATen/core/Tensor.h>

namespace fep {

/// @throws c10::ValueError unless the masks are N×T×H×W with an area in [0, 1] each
inline void check_masks_and_areas(const at::Tensor& mask, at::ArrayRef<double> areas) {
  TORCH_CHECK_VALUE(mask.dim() == 4, "the mask must be N x T x H x W, got ", mask.sizes());
  TORCH_CHECK_VALUE(static_cast<std::int64_t>(areas.size()) == mask.size(0), "one area for each mask: got ",
                    areas.size(), " areas for ", mask.size(0), " masks");
  for (const double area : areas) {
    TORCH_CHECK_VALUE(area >= 0 && area <= 1, "an area is a share between 0 and 1, got ", area);
  }
}

/// @throws c10::ValueError unless the masks hold at least one ellipsoid, depth frames of side×side pixels
inline void check_masks_for_cores(const at::Tensor& mask, at::ArrayRef<double> areas, std::int64_t depth,
                                  std::int64_t side) {
  TORCH_CHECK_VALUE(mask.dim() == 4 && mask.size(1) >= depth && mask.size(2) >= side && mask.size(3) >= side,
                    "the core energy needs masks of at least ", depth, " frames of ", side, "x", side,
                    " pixels, N x T x H x W, got ", mask.sizes());
  TORCH_CHECK_VALUE(static_cast<std::int64_t>(areas.size()) == mask.size(0), "one area for each mask: got ",
                    areas.size(), " areas for ", mask.size(0), " masks");
}

}  // namespace fep
