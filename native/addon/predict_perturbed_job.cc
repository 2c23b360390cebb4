#include "addon/predict_perturbed_job.h"

#include <ATen/ATen.h>

#include "addon/tensors.h"
#include "attribution/perturbed_probabilities.h"

namespace fep {

void PredictPerturbedJob::run() {
  const auto alone = model_->begin_run(0, [this] { return cancelled(); });
  probabilities_ = perturbed_probabilities(*model_, clips_tensor(clip_, 1, *model_)[0],
                                           masks_tensor(masks_, count_, *model_), perturbation_, *this);
}

Napi::Value PredictPerturbedJob::result(Napi::Env env) {
  return to_javascript(env, probabilities_);
}

}  // namespace fep
