#include "attribution/pictures.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <vector>

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

at::Tensor perturbed_pictures(const ClipBatch& clips, const at::Tensor& masks, Portions& portions,
                              const PictureOptions& options) {
  const at::NoGradGuard no_gradient;
  std::vector<at::Tensor> pictures;
  portions.for_each(masks.size(0), [&](std::int64_t first, std::int64_t count) {
    const auto some = masks.narrow(0, first, count);
    pictures.push_back(pictures_of(clips.perturb(some, first, Arithmetic::fused), options));
  });
  return at::cat(pictures);
}

}  // namespace fep
