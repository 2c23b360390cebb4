#include "addon/predict_perturbed_job.h"

#include <ATen/ATen.h>

#include "addon/tensors.h"
#include "attribution/clip_batch.h"
#include "attribution/perturbed_probabilities.h"

namespace fep {

void PredictPerturbedJob::run() {
  const auto alone = model_->begin_run(0, [this] { return cancelled(); });
  const ClipBatch clips(clips_tensor(clip_, 1, *model_), count_, perturbation_);
  const auto masks = masks_tensor(masks_, count_, *model_);
  Portions portions(kMasksAtOnce);
  probabilities_ = perturbed_probabilities(*model_, clips, masks, portions, *this);
  if (picture_options_) pictures_ = perturbed_pictures(clips, masks, portions, *picture_options_);
}

Napi::Value PredictPerturbedJob::result(Napi::Env env) {
  auto result = Napi::Object::New(env);
  result["probabilities"] = to_javascript(env, probabilities_);
  if (pictures_.defined()) result["pictures"] = to_uint8_array(env, pictures_);
  return result;
}

}  // namespace fep
