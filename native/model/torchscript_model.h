#pragma once

#include <torch/csrc/jit/api/module.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "model/archive.h"
#include "model/attention_forward.h"
#include "model/frozen_forward.h"
#include "model/layer_survey.h"
#include "model/model_file.h"
#include "model/observable_forward.h"
#include "model/video_model.h"

namespace fep {

/// A TorchScript archive. Its parameters are frozen into the graph: gradients flow to the clip only.
class TorchScriptModel final : public VideoModel {
 public:
  /// See model/load_video_model.h.
  static std::unique_ptr<TorchScriptModel> load(const ModelFile& file);

  const ModelSpec& spec() const override { return spec_; }
  at::Device device() const override { return device_; }
  const ModelFacts& facts() const override { return facts_; }
  const ModelCheck& check() const override { return check_; }

  /// Runs clips one at a time where the check found that a batch changes the model's answers.
  at::Tensor output(const at::Tensor& clips) override;

  /// The submodules, and `features` if the archive exports it with `head`.
  std::vector<Layer> layers() override;
  std::optional<TokenGrid> tokens() override;
  Activations activations(const at::Tensor& clips, const std::vector<std::string>& layers) override;

  Attentions attentions(const at::Tensor& clips) override;

  std::unique_lock<std::timed_mutex> begin_run(std::uint64_t seed,
                                               const std::function<bool()>& cancelled) override;
  void take_fastest_form(const std::function<bool()>& cancelled,
                         const std::function<void(const Tuning&)>& on_trial) override;
  std::optional<std::string> refuses_bfloat16() override;

 private:
  TorchScriptModel(Archive archive, const ModelSpec& spec, at::Device device);

  /// Clips N×C×T×H×W as the model takes them.
  at::Tensor to_input(const at::Tensor& clips) const;
  /// N×classes for N clips in the model's own layout, all at once.
  at::Tensor run(const at::Tensor& input);
  at::Tensor answers(const c10::IValue& returned, std::int64_t clips) const;
  /// A method of the archive, in the form in which it was exported.
  c10::IValue run_exported(const std::string& method, const at::Tensor& input);
  /// Whether the archive exports `features`, which returns a tensor, and `head`.
  bool is_split();
  /// Made once.
  const LayerSurvey& survey();
  /// The module for a forward that observes it: a copy where it keeps a state.
  torch::jit::Module observed_module();
  /// Created when a layer is first requested.
  ObservableForward& observable();
  /// Returns whether the form changes any convolution.
  bool take_form(const ModelForm& form);
  /// The gradient of the first output with respect to a clip, as exported and in float32, and how far the
  /// gradient in the model's precision departs from it.
  struct Exported {
    at::Tensor clip;
    at::Tensor gradient;
    double departure;
  };
  Exported exported();
  /// @throws ModelLoadError when the form changes the gradient by more than its precision does
  void check_form(const Exported& exported);
  /// Drops the exported weights where the form has its own.
  void drop_archive();
  /// The gradient of the first output with respect to a clip, which the model takes in the given number
  /// format.
  at::Tensor input_gradient(const at::Tensor& clip, const std::optional<at::ScalarType>& type);
  /// The archive's module in the model's precision.
  torch::jit::Module& exported_module();
  /// The answer to a clip of random numbers, the reference's if there is one.
  struct FirstRun {
    at::Tensor input;
    at::Tensor answer;
  };
  FirstRun run_first(const std::optional<Reference>& reference);
  void check_reference(const at::Tensor& answer, const Reference& reference) const;
  ModelCheck check_anew(const FirstRun& first);
  void apply(const ModelCheck& check);

  Archive archive_;                         ///< as exported, with its submodules
  std::shared_ptr<FrozenForward> forward_;  ///< always there once load() has returned
  std::unique_ptr<ObservableForward> observable_;
  std::unique_ptr<AttentionForward> attention_;
  std::optional<LayerSurvey> survey_;
  ModelSpec spec_;
  ModelFacts facts_;
  ModelCheck check_;
  at::Device device_;
  bool is_archive_converted_ = false;
  bool allow_tf32_ = false;  ///< on a GPU, once the reference was checked in full precision
};

}  // namespace fep
