#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/model_form.h"
#include "model/model_output.h"

namespace fep {

/// Order of a model's input axes.
enum class Layout { NCTHW, NTCHW };

/// What a model's output is, and so what makes probabilities of it.
enum class Activation {
  logits,             ///< scores of classes of which one is right: their softmax
  softmax,            ///< probabilities of such classes
  sigmoid,            ///< probabilities of classes each of which may be right
  sigmoid_of_scores,  ///< scores of such classes: the sigmoid of each
};

/// Number format of a model's own arithmetic; masks and energies are float32 always.
enum class Precision { float32, tf32, bfloat16 };

/// How to talk to a model: what its manifest says.
struct ModelSpec {
  Layout layout = Layout::NCTHW;
  Activation activation = Activation::logits;
  OutputSpec output;
  Precision precision = Precision::float32;
  ModelForm form;
  std::int64_t channels = 3, frames = 0, height = 0, width = 0;
};

/// Sizes of one clip as the model takes it.
std::vector<std::int64_t> input_sizes(const ModelSpec& spec);

/// What a precision's numbers are turned into; none where they stay.
std::optional<at::ScalarType> type_of(Precision precision);

/// A named part of a model, as its author called it, and the sizes of what it returns for one clip.
struct Layer {
  std::string name;  ///< the way to it, `stage3.second.relu`
  std::string type;  ///< its class, `Conv3d`
  std::vector<std::int64_t> sizes;
};

/// What a layer returns, and what the model makes of it, in one autograd graph.
struct Activations {
  at::Tensor layer;
  at::Tensor output;  ///< N×classes
};

/// A layer that the model does not have, or that does not return what was asked for.
class LayerError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A video classifier Φ that can be differentiated with respect to its input. An attribution method sees
/// nothing else of a model, so that another runtime than TorchScript can follow.
class VideoModel {
 public:
  virtual ~VideoModel() = default;

  virtual const ModelSpec& spec() const = 0;
  virtual at::Device device() const = 0;

  /// What the model itself answers, N×classes, to clips N×C×T×H×W.
  /// @throws ModelRunError when it fails, ModelOutput's errors when it returns something else
  virtual at::Tensor output(const at::Tensor& clips) = 0;

  /// The layers that return a tensor, in the order in which they run. Runs the model once.
  virtual std::vector<Layer> layers() = 0;

  /// As output(), with what the named layer returned on the way; where it ran more than once, the last time.
  /// @throws LayerError when no such layer runs
  virtual Activations activations(const at::Tensor& clips, const std::string& layer) = 0;

  /// What gradient methods differentiate, N×classes: the logits. A model that ends in softmax hides them; its
  /// log-probabilities, which are the logits less one number for all classes, take their place. A sigmoid can
  /// be undone.
  at::Tensor scores(const at::Tensor& clips) { return scores_of(output(clips)); }

  /// The same for an output that is there already.
  at::Tensor scores_of(const at::Tensor& output) const;

  /// log Φ, N×classes; never softmaxed twice, whatever the model ends in.
  at::Tensor log_probabilities(const at::Tensor& clips);

  /// Φ, N×classes.
  at::Tensor probabilities(const at::Tensor& clips);
};

}  // namespace fep
