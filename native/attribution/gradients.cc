#include "attribution/gradients.h"

#include <ATen/ATen.h>

namespace fep {

Attribution gradients(VideoModel& model, const at::Tensor& clip, std::int64_t target) {
  Attribution result;
  const auto slope = score_gradient(model, clip.unsqueeze(0), target, result.model_seconds);
  result.map = mean_magnitude(slope.gradient[0]);
  return result;
}

}  // namespace fep
