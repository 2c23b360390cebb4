#include "attribution/input_x_gradient.h"

#include <ATen/ATen.h>

namespace fep {

Attribution input_x_gradient(VideoModel& model, const at::Tensor& clip, std::int64_t target) {
  Attribution result;
  const auto slope = score_gradient(model, clip.unsqueeze(0), target, result.model_seconds);
  result.map = summed_magnitude(clip * slope.gradient[0]);
  return result;
}

}  // namespace fep
