#pragma once

#include <memory>
#include <vector>

#include "common/enum_names.h"
#include "model/video_model.h"

namespace fep {

/// What of the views' answers is averaged.
enum class ViewsAverage {
  prob,    ///< Φ of each view, as test-time protocols do it
  logits,  ///< the scores of each view, see VideoModel::scores
};
template <>
inline constexpr auto kNames<ViewsAverage> =
    std::to_array<Named<ViewsAverage>>({{"prob", ViewsAverage::prob}, {"logits", ViewsAverage::logits}});

/// The views over which a model's answer is averaged, and the sizes of the clips that they lie in.
struct ViewsSpec {
  std::int64_t frames = 0, height = 0, width = 0;
  std::vector<View> views;  ///< at least one, all inside the clip
  ViewsAverage average = ViewsAverage::prob;
};

/// A model that looks at several views of a larger clip and answers with the mean over them, as test-time
/// protocols do (SlowFast: 10 clips × 3 crops). It is a model of the larger clip, so that every method
/// explains the averaged answer on it.
///
/// Where probabilities are averaged it answers with probabilities; its scores() are then the logarithm of the
/// mean probability, as of any model that ends in softmax.
class AveragedViews final : public VideoModel {
 public:
  /// model: one that sees its clip whole, on the thread of which this one runs too.
  AveragedViews(std::shared_ptr<VideoModel> model, ViewsSpec views);

  const ModelSpec& spec() const override { return spec_; }
  at::Device device() const override { return model_->device(); }
  const ModelFacts& facts() const override { return model_->facts(); }
  const ModelCheck& check() const override { return model_->check(); }
  const std::vector<View>& views() const override { return views_.views; }
  const ModelSpec& forward_spec() const override { return model_->spec(); }

  /// The model takes several views at once; all the same a clip's autograd graph holds all of its views.
  at::Tensor output(const at::Tensor& clips) override;
  std::vector<Layer> layers() override { return model_->layers(); }
  std::optional<TokenGrid> tokens() override { return model_->tokens(); }
  /// Of one clip.
  Activations activations(const at::Tensor& clips, const std::vector<std::string>& layers) override;
  /// @throws LayerError always: the views' tokens have no common grid
  Attentions attentions(const at::Tensor& clips) override;

  std::unique_lock<std::timed_mutex> begin_run(std::uint64_t seed,
                                               const std::function<bool()>& cancelled) override {
    return model_->begin_run(seed, cancelled);
  }
  void take_fastest_form(const std::function<bool()>& cancelled,
                         const std::function<void(const Tuning&)>& on_trial) override {
    model_->take_fastest_form(cancelled, on_trial);
  }
  std::optional<std::string> refuses_bfloat16() override { return model_->refuses_bfloat16(); }

 private:
  /// What is averaged, N×classes, of the model's outputs.
  at::Tensor averaged(const at::Tensor& output) const;

  std::shared_ptr<VideoModel> model_;
  ViewsSpec views_;
  ModelSpec spec_;
};

}  // namespace fep
