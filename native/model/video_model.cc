#include "model/video_model.h"

#include <ATen/ATen.h>

#include <limits>

namespace fep {
namespace {

/// A probability that underflowed to 0 must not become −∞.
at::Tensor finite_log(const at::Tensor& probabilities) {
  return probabilities.clamp_min(std::numeric_limits<float>::min()).log();
}

}  // namespace

at::Tensor VideoModel::scores_of(const at::Tensor& output) const {
  const auto result = output.to(at::kFloat);
  return spec().activation == Activation::logits ? result : finite_log(result);
}

at::Tensor VideoModel::log_probabilities(const at::Tensor& clips) {
  // log(softmax), not log_softmax: what the published code computes, bit for bit.
  return finite_log(probabilities(clips));
}

at::Tensor VideoModel::probabilities(const at::Tensor& clips) {
  const auto result = output(clips).to(at::kFloat);
  return spec().activation == Activation::logits ? at::softmax(result, -1) : result;
}

}  // namespace fep
