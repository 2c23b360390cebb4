#include "model/averaged_views.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

namespace fep {
namespace {

/// Views in one pass of the model: as many as fill its kernels (attribution/perturbed_probabilities.h).
constexpr std::int64_t kViewsAtOnce = 8;

/// What the averaged answers are, in place of what the model's own are.
Activation activation_of(Activation own, ViewsAverage average) {
  const bool exclude = own == Activation::logits || own == Activation::softmax;
  if (average == ViewsAverage::prob) return exclude ? Activation::softmax : Activation::sigmoid;
  return exclude ? Activation::logits : Activation::sigmoid_of_scores;
}

}  // namespace

AveragedViews::AveragedViews(std::shared_ptr<VideoModel> model, ViewsSpec views)
    : model_(std::move(model)), views_(std::move(views)), spec_(model_->spec()) {
  spec_.frames = views_.frames;
  spec_.height = views_.height;
  spec_.width = views_.width;
  spec_.activation = activation_of(spec_.activation, views_.average);
}

at::Tensor AveragedViews::averaged(const at::Tensor& output) const {
  return views_.average == ViewsAverage::prob ? model_->probabilities_of(output) : model_->scores_of(output);
}

at::Tensor AveragedViews::output(const at::Tensor& clips) {
  const auto n = clips.size(0);
  const auto& own = model_->spec();
  const auto at_once = std::max<std::int64_t>(1, kViewsAtOnce / n);
  const auto count = static_cast<std::int64_t>(views_.views.size());
  std::vector<at::Tensor> answers;
  for (std::int64_t first = 0; first < count; first += at_once) {
    const auto begin = views_.views.begin() + first;
    const std::vector<View> some(begin, begin + std::min(at_once, count - first));
    const auto output = model_->output(cut_views(clips, some, own.height, own.width));
    answers.push_back(averaged(output).unflatten(0, {-1, n}));
  }
  return at::cat(answers).mean(0);
}

Activations AveragedViews::activations(const at::Tensor& clips, const std::vector<std::string>& layers) {
  const auto& own = model_->spec();
  Activations result;
  std::vector<at::Tensor> answers;
  for (const auto& view : views_.views) {
    const auto seen = model_->activations(cut_views(clips, {view}, own.height, own.width), layers);
    result.layers.insert(result.layers.end(), seen.layers.begin(), seen.layers.end());
    answers.push_back(averaged(seen.output));
  }
  result.output = at::stack(answers).mean(0);
  return result;
}

Attentions AveragedViews::attentions(const at::Tensor&) {
  throw LayerError(
      "Attention is rolled out in one view only: the tokens of several views have no common grid.");
}

}  // namespace fep
