#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/feature_maps.h"
#include "model/model_check.h"
#include "model/model_spec.h"
#include "model/view.h"

namespace fep {

/// What is known of a model once it is loaded.
struct ModelFacts {
  std::int64_t classes = 0;
  std::int64_t parameters = 0;
  std::string weights = "Float";     ///< number format of the weights in the file, “Half”
  bool names_gpu = false;            ///< whether the file's code names a GPU, for which the CPU was taken
  std::vector<std::string> methods;  ///< `features` and `head`, where the file has them beside forward
};

/// A named part of a model, as its author called it, and the sizes of what it returns for one clip.
struct Layer {
  std::string name;  ///< the path to it, `stage3.second.relu`
  std::string type;  ///< its class, `Conv3d`
  std::vector<std::int64_t> sizes;
  std::optional<MapForm> form;  ///< where it has an extent in space
  bool is_default = false;      ///< see model/deciding_layers.h
};

/// What layers return, and what the model makes of it, in one autograd graph.
struct Activations {
  std::vector<at::Tensor> layers;
  at::Tensor output;  ///< N×classes
};

/// The weights of each attention, batch×heads×queries×keys or with batch and heads as one axis, in the order
/// in which they run, and what the model makes of them, in one autograd graph.
struct Attentions {
  std::vector<at::Tensor> weights;
  at::Tensor output;  ///< N×classes
};

/// A layer that the model does not have, or that does not return what was asked for.
class LayerError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A video classifier Φ that can be differentiated with respect to its input: all that jobs and attribution
/// methods see of a model, whatever runtime computes it (model/load_video_model.h).
///
/// A model is loaded and run on one thread. What spec(), device(), facts() and check() return does not change
/// once it is loaded, so any thread may read it.
class VideoModel {
 public:
  virtual ~VideoModel() = default;

  /// The spec it was loaded with; its form is the one that is used, and its activation is the one that the
  /// check found.
  virtual const ModelSpec& spec() const = 0;
  virtual at::Device device() const = 0;
  virtual const ModelFacts& facts() const = 0;
  virtual const ModelCheck& check() const = 0;

  /// The windows of a clip that it looks at, where it answers with the average over several
  /// (model/averaged_views.h); empty where it sees the clip whole.
  virtual const std::vector<View>& views() const {
    static const std::vector<View> none;
    return none;
  }
  /// The spec of one forward, which layers' sizes follow: of a view where there are several.
  virtual const ModelSpec& forward_spec() const { return spec(); }

  /// What the model itself answers, N×classes, to clips N×C×T×H×W, all of which are independent of each other
  /// whatever the model does with a batch. Where gradients are enabled and the clips require one, the answer
  /// is in their autograd graph.
  /// @throws ModelRunError when it fails, OutputError when it returns something else
  virtual at::Tensor output(const at::Tensor& clips) = 0;

  /// The layers that return a tensor, in the order in which they run. Runs the model once, the first time
  /// forward and backward.
  virtual std::vector<Layer> layers() = 0;

  /// How a transformer's tokens tile a clip: as its spec says, or as its layers() show; none for other
  /// models.
  virtual std::optional<TokenGrid> tokens() = 0;

  /// As output(), with what the named layers returned on the way; where one ran more than once, the last
  /// time. Where there are several views, of the first all layers, then of the next.
  /// @throws LayerError when no such layer runs
  virtual Activations activations(const at::Tensor& clips, const std::vector<std::string>& layers) = 0;

  /// As output(), with the weights of all attention on the way; none where the model has no attention.
  virtual Attentions attentions(const at::Tensor& clips) = 0;

  /// Makes a run repeatable: call it before the first output() or activations() of a run, and keep what it
  /// returns until the end. For a model that draws random numbers or keeps a state between calls, seeds the
  /// numbers, resets the state, and holds the lock on the process's random numbers, waiting for other runs of
  /// such models; for all others it does nothing and returns an empty lock.
  ///
  /// @param cancelled  polled while it waits; once it returns true, the wait ends and the lock is empty
  [[nodiscard]] virtual std::unique_lock<std::timed_mutex> begin_run(
      std::uint64_t seed, const std::function<bool()>& cancelled) = 0;

  /// Measures the forms in which the runtime can compute the model, by passes over a random clip, and takes
  /// the fastest: call it after loading, before the first run. Does nothing where there is one form only, or
  /// where no gradient reaches the clip. Two forms are in memory meanwhile.
  ///
  /// @param cancelled  polled before each pass; once it returns true, no other form is measured
  /// @param on_trial   called before each form is measured
  virtual void take_fastest_form(const std::function<bool()>& cancelled,
                                 const std::function<void(const Tuning&)>& on_trial) = 0;

  /// Why the model does not run, or has no finite gradient, in bfloat16; none where it does. Runs it once,
  /// forward and backward.
  virtual std::optional<std::string> refuses_bfloat16() = 0;

  /// What gradient methods differentiate, N×classes: the logits. A model that ends in softmax hides them; its
  /// log-probabilities, which are the logits less one number for all classes, take their place. A sigmoid can
  /// be undone.
  at::Tensor scores(const at::Tensor& clips) { return scores_of(output(clips)); }

  /// The same for an output that is there already.
  at::Tensor scores_of(const at::Tensor& output) const;

  /// log Φ, N×classes; never softmaxed twice, whatever the model ends in.
  at::Tensor log_probabilities(const at::Tensor& clips);

  /// log(1 − Φ), N×classes; where classes exclude each other, of the sum of the others, which is exact where
  /// Φ rounds to 1.
  at::Tensor log_complements(const at::Tensor& clips);

  /// Φ, N×classes.
  at::Tensor probabilities(const at::Tensor& clips) { return probabilities_of(output(clips)); }

  /// The same for an output that is there already.
  at::Tensor probabilities_of(const at::Tensor& output) const;
};

}  // namespace fep
