#include "addon/extremal_perturbation_job.h"

#include <ATen/ATen.h>

#include "addon/tensors.h"

namespace fep {
namespace {

/// One quantity over all iterations, iterations×masks.
Napi::Float32Array history(Napi::Env env, const std::vector<Iteration>& iterations,
                           std::vector<float> Iteration::* quantity) {
  std::vector<float> values;
  for (const auto& iteration : iterations) {
    values.insert(values.end(), (iteration.*quantity).begin(), (iteration.*quantity).end());
  }
  return to_javascript(env, values);
}

/// The gradients that were asked for.
Napi::Array gradients_of(Napi::Env env, const std::vector<GradientRecord>& records) {
  auto array = Napi::Array::New(env);
  for (const auto& record : records) {
    auto object = Napi::Object::New(env);
    object["iteration"] = Napi::Number::New(env, static_cast<double>(record.iteration));
    object["shape"] = to_javascript(env, record.mask.sizes());
    object["mask"] = to_javascript(env, record.mask);
    object["reward"] = to_javascript(env, record.reward);
    object["regularization"] = to_javascript(env, record.regularization);
    object["applied"] = to_javascript(env, record.applied);
    array[array.Length()] = object;
  }
  return array;
}

}  // namespace

void ExtremalPerturbationJob::run() {
  const auto alone = model_->begin_run(seed_, [this] { return cancelled(); });
  const auto clips = clips_tensor(clips_, static_cast<std::int64_t>(targets_.size()), *model_);
  result_ = fep::extremal_perturbation(*model_, clips, targets_, options_, *this);
}

void ExtremalPerturbationJob::on_iteration(const Iteration& iteration, const at::Tensor& mask) {
  if (callback_.IsEmpty() || !clock_.is_due(iteration.number + 1 == iteration.of)) return;
  {
    const auto realised_area = mask.mean({1, 2, 3});
    const auto first = with_mask_ ? mask[0].to(at::kCPU, at::kFloat, false, true) : at::Tensor();
    const std::lock_guard lock(latest_mutex_);
    latest_ = iteration;
    latest_realised_area_ = realised_area;
    latest_mask_ = first;
  }
  mailbox_->post_progress(shared_from_this());
}

void ExtremalPerturbationJob::report(Napi::Env env) {
  const Napi::HandleScope scope(env);
  Iteration iteration;
  at::Tensor realised_area, mask;
  {
    const std::lock_guard lock(latest_mutex_);
    iteration = latest_;
    realised_area = latest_realised_area_;
    mask = latest_mask_;
  }
  auto progress = Napi::Object::New(env);
  progress["iteration"] = Napi::Number::New(env, static_cast<double>(iteration.number));
  progress["iterations"] = Napi::Number::New(env, static_cast<double>(iteration.of));
  progress["reward"] = to_javascript(env, iteration.reward);
  progress["area"] = to_javascript(env, iteration.area);
  progress["core"] = to_javascript(env, iteration.core);
  progress["realisedArea"] = to_javascript(env, realised_area);
  if (mask.defined()) progress["mask"] = to_javascript(env, mask);
  callback_.Call({progress});
}

Napi::Value ExtremalPerturbationJob::result(Napi::Env env) {
  auto result = Napi::Object::New(env);
  result["masks"] = to_javascript(env, result_.masks);
  if (result_.pictures.defined()) result["pictures"] = to_uint8_array(env, result_.pictures);
  result["budgets"] = to_javascript(env, result_.budgets);
  result["foundIn"] = to_javascript(env, at::IntArrayRef(result_.found_in));
  result["parameters"] = to_javascript(env, result_.parameters);
  result["original"] = to_javascript(env, result_.original);
  result["explained"] = to_javascript(env, result_.explained);
  if (result_.deleted.defined()) result["deleted"] = to_javascript(env, result_.deleted);
  result["targets"] = to_javascript(env, at::IntArrayRef(result_.targets));
  result["updates"] = to_javascript(env, at::IntArrayRef(result_.updates));
  result["reward"] = history(env, result_.iterations, &Iteration::reward);
  result["area"] = history(env, result_.iterations, &Iteration::area);
  result["core"] = history(env, result_.iterations, &Iteration::core);
  result["replayed"] = Napi::Number::New(env, static_cast<double>(result_.replayed));
  result["gradients"] = gradients_of(env, result_.gradients);
  result["seconds"] = Napi::Number::New(env, result_.seconds);
  result["modelSeconds"] = Napi::Number::New(env, result_.model_seconds);
  return result;
}

}  // namespace fep
