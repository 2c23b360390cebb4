#include "addon/cost_job.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include "attribution/perturbation.h"
#include "model/memory_meter.h"
#include "model/operation_counter.h"

namespace fep {

void CostJob::run() {
  const auto alone = model_->begin_run(0, [this] { return Job::cancelled(); });
  const auto& spec = model_->spec();
  // Of random numbers: some networks have no gradient at a clip that is one colour.
  const auto clip =
      at::randn({spec.channels, spec.frames, spec.height, spec.width}, at::detail::createCPUGenerator(0))
          .to(model_->device());
  {
    const at::NoGradGuard no_gradient;
    const OperationCounter counter;
    model_->output(clip.unsqueeze(0));
    multiply_accumulates_ = counter.multiply_accumulates();
  }
  forget_perturbation_pyramid();  // else the meter would miss it
  const MemoryMeter meter;
  extremal_perturbation(*model_, clip.unsqueeze(0), {0}, options_, *this);
  peak_bytes_ = meter.peak_bytes();
}

Napi::Value CostJob::result(Napi::Env env) {
  auto cost = Napi::Object::New(env);
  cost["multiplyAccumulates"] = Napi::Number::New(env, static_cast<double>(multiply_accumulates_));
  cost["peakBytes"] = Napi::Number::New(env, static_cast<double>(peak_bytes_));
  return cost;
}

}  // namespace fep
