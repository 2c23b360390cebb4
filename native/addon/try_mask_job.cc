#include "addon/try_mask_job.h"

#include <ATen/ATen.h>

#include "addon/tensors.h"
#include "attribution/clip_batch.h"
#include "attribution/perturbed_probabilities.h"

namespace fep {

void TryMaskJob::run() {
  const auto alone = model_->begin_run(0, [this] { return cancelled(); });
  const at::NoGradGuard no_gradient;
  const auto clip = clips_tensor(clip_, 1, *model_);
  const auto mask = masks_tensor(mask_, 1, *model_);
  probabilities_ = perturbed_probabilities(*model_, clip[0], mask, perturbation_, *this);
  const ClipBatch batch(clip, 1, perturbation_);
  pictures_ = pictures_of(batch.perturb(mask, 0, Arithmetic::fused), picture_options_);
}

Napi::Value TryMaskJob::result(Napi::Env env) {
  auto result = Napi::Object::New(env);
  result["probabilities"] = to_javascript(env, probabilities_);
  result["pictures"] = to_uint8_array(env, pictures_);
  return result;
}

}  // namespace fep
