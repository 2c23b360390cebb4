#include "attribution/smooth_grid.h"

#include <ATen/ATen.h>

namespace fep {

at::Tensor smooth_grid(at::IntArrayRef sizes, const Cells& cells, double keep, at::Generator& generator) {
  auto field = at::rand({cells[0] + 1, cells[1] + 1, cells[2] + 1}, generator);
  if (keep >= 0) field = field.lt(keep).to(at::kFloat);
  const auto shift = at::rand({3}, generator);
  std::array<std::int64_t, 3> side{}, larger{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    side[axis] = (sizes[axis] + cells[axis] - 1) / cells[axis];
    larger[axis] = (cells[axis] + 1) * side[axis];
  }
  field = at::upsample_trilinear3d(field.unsqueeze(0).unsqueeze(0), larger, false)[0][0];
  for (std::int64_t axis = 0; axis < 3; ++axis) {
    const auto first = (shift[axis] * side[axis]).floor().item<std::int64_t>();
    field = field.narrow(axis, first, sizes[axis]);
  }
  return field.contiguous();
}

}  // namespace fep
