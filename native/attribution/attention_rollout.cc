#include "attribution/attention_rollout.h"

#include <ATen/ATen.h>

namespace fep {
namespace {

at::Tensor mean_over_heads(const at::Tensor& weights, const at::Tensor&) {
  return weights.mean(1);
}

}  // namespace

Attribution attention_rollout(VideoModel& model, const at::Tensor& clip, std::int64_t target) {
  Attribution result;
  const auto maps = attention_maps(model, clip, target, mean_over_heads, result.model_seconds);
  result.map = rolled_out(maps, 0.5, 0.5, 1, clip);
  return result;
}

}  // namespace fep
