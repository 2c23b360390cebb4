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
  switch (spec().activation) {
    case Activation::softmax:
      return finite_log(result);
    case Activation::sigmoid:
      return finite_log(result) - finite_log(1 - result);
    default:
      return result;
  }
}

at::Tensor VideoModel::log_probabilities(const at::Tensor& clips) {
  // log(softmax), not log_softmax: what the published code computes, bit for bit.
  return finite_log(probabilities(clips));
}

at::Tensor VideoModel::log_complements(const at::Tensor& clips) {
  const auto probability = probabilities(clips);
  const bool exclude = spec().activation == Activation::logits || spec().activation == Activation::softmax;
  if (!exclude) return finite_log(1 - probability);
  const auto classes = probability.size(1);
  const auto others = 1 - at::eye(classes, probability.options());
  return finite_log(probability.matmul(others));
}

at::Tensor VideoModel::probabilities_of(const at::Tensor& output) const {
  const auto result = output.to(at::kFloat);
  switch (spec().activation) {
    case Activation::logits:
      return at::softmax(result, -1);
    case Activation::sigmoid_of_scores:
      return at::sigmoid(result);
    default:
      return result;
  }
}

}  // namespace fep
