#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace fep {

/// Order of a model's input axes.
enum class Layout { NCTHW, NTCHW };

/// What a model's output is.
enum class Activation { logits, softmax };

/// Number format of a model's own arithmetic; masks and energies are float32 always.
enum class Precision { float32, tf32, bfloat16 };

/// How to talk to a model: what its manifest says.
struct ModelSpec {
  Layout layout = Layout::NCTHW;
  Activation activation = Activation::logits;
  Precision precision = Precision::float32;
  std::int64_t channels = 3, frames = 0, height = 0, width = 0;
};

/// A video classifier Φ that can be differentiated with respect to its input. An attribution method sees
/// nothing else of a model, so that another runtime than TorchScript can follow.
class VideoModel {
 public:
  virtual ~VideoModel() = default;

  virtual const ModelSpec& spec() const = 0;
  virtual at::Device device() const = 0;

  /// What the model itself returns, N×classes, for clips N×C×T×H×W.
  virtual at::Tensor output(const at::Tensor& clips) = 0;

  /// log Φ, N×classes; never softmaxed twice, whatever the model ends in.
  at::Tensor log_probabilities(const at::Tensor& clips);

  /// Φ, N×classes.
  at::Tensor probabilities(const at::Tensor& clips);
};

}  // namespace fep
