#include "attribution/pictures.h"

#include <ATen/ATen.h>

namespace fep {

at::Tensor pictures_of(const at::Tensor& clips, const PictureOptions& options) {
  const auto per_channel = [&](const std::array<double, 3>& values) {
    return at::tensor(at::ArrayRef<double>(values), clips.options().dtype(at::kDouble)).view({3, 1, 1, 1});
  };
  auto bytes = clips.to(at::kDouble).mul_(per_channel(options.scale)).add_(per_channel(options.offset));
  bytes = bytes.round_().clamp_(0, 255).to(at::kByte);
  if (options.is_bgr) bytes = bytes.flip(1);
  return bytes.permute({0, 2, 3, 4, 1}).to(at::kCPU).contiguous();
}

}  // namespace fep
