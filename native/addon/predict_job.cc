#include "addon/predict_job.h"

#include <ATen/ATen.h>

#include "addon/tensors.h"

namespace fep {

void PredictJob::run() {
  const auto alone = model_->begin_run(0, [this] { return cancelled(); });
  const at::NoGradGuard no_gradient;
  probabilities_ = model_->probabilities(clips_tensor(clips_, count_, *model_));
}

Napi::Value PredictJob::result(Napi::Env env) {
  return to_javascript(env, probabilities_);
}

}  // namespace fep
