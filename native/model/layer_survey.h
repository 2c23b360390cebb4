#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/observable_forward.h"
#include "model/video_model.h"

namespace fep {

/// A model's layers, and the grid of its tokens where it has any.
struct LayerSurvey {
  std::vector<Layer> layers;
  std::optional<TokenGrid> tokens;
};

/// How the survey runs a model.
struct SurveyedModel {
  const ModelSpec& spec;
  at::Device device;
  /// The answer N×classes to clips N×C×T×H×W; the visitor gets every layer's output.
  std::function<at::Tensor(const at::Tensor& clips, const ObservableForward::Visitor& visitor)> run;
  const ObservableForward& forward;
};

/// Runs the model on a clip of random numbers, and looks at what its layers return and how the answer depends
/// on it.
///
/// Where the spec says nothing of tokens, the grid is that of a layer 1×C×T'×H'×W', or T'×C×H'×W', whose
/// places a later layer has as tokens of C channels: an embedding of patches. Whether time or space is next
/// in the tokens' order is seen in the gradient of the second patch.
LayerSurvey survey_layers(const SurveyedModel& model);

}  // namespace fep
