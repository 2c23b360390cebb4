#include "attribution/gradient_attention.h"

#include <ATen/ATen.h>

namespace fep {
namespace {

at::Tensor evidence_over_heads(const at::Tensor& weights, const at::Tensor& gradient) {
  return (weights * gradient).relu().mean(1);
}

}  // namespace

Attribution gradient_attention(VideoModel& model, const at::Tensor& clip, std::int64_t target) {
  Attribution result;
  const auto maps = attention_maps(model, clip, target, evidence_over_heads, result.model_seconds);
  result.map = rolled_out(maps, 1, 1, 0, clip);
  return result;
}

}  // namespace fep
