#include "model/video_model.h"

#include <ATen/ATen.h>

#include <limits>

namespace fep {

at::Tensor VideoModel::log_probabilities(const at::Tensor& clips) {
  // log(softmax), not log_softmax: what the published code computes, bit for bit. A probability that
  // underflowed to 0 must not make the energy infinite.
  return probabilities(clips).clamp_min(std::numeric_limits<float>::min()).log();
}

at::Tensor VideoModel::probabilities(const at::Tensor& clips) {
  const auto result = output(clips).to(at::kFloat);
  return spec().activation == Activation::logits ? at::softmax(result, -1) : result;
}

}  // namespace fep
