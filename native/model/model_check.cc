#include "model/model_check.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include "model/input_gradient.h"
#include "model/model_failure.h"
#include "model/out_of_memory.h"

namespace fep {
namespace {

/// How far answers that are equal may differ, relative to the largest: rounding in float32.
constexpr double kAlike = 1e-4;

/// Fewer numbers than this may lie in [0, 1] by chance.
constexpr std::int64_t kFewNumbers = 10;

/// How far a softmax's sum may be from 1 by rounding, also in a number format of few bits.
constexpr double kSumTolerance = 4e-3;

at::Tensor random_like(const at::Tensor& tensor, std::uint64_t seed) {
  return at::randn(tensor.sizes(), at::detail::createCPUGenerator(seed)).to(tensor.device());
}

bool are_equal(const at::Tensor& a, const at::Tensor& b) {
  if (a.sizes() != b.sizes()) return false;
  const auto size = b.abs();
  const auto scale = at::where(at::isfinite(b), size, at::zeros_like(size)).max().clamp_min(1e-12);
  // Infinities, as of masked classes, are equal to themselves; a NaN is equal to nothing.
  return ((a == b) | ((a - b).abs() <= kAlike * scale)).all().item<bool>();
}

ModelCheck::Look look_of(const at::Tensor& answers, bool ends_in_sigmoid) {
  const bool in_range = ((answers >= 0) & (answers <= 1)).all().item<bool>();
  if (!in_range) return ModelCheck::Look::scores;
  if (ends_in_sigmoid) return ModelCheck::Look::sigmoid;  // whose sum may be 1 by chance
  const double off = (answers.sum(1) - 1).abs().max().item<double>();
  if (answers.size(1) > 1 && off <= kSumTolerance) return ModelCheck::Look::softmax;
  return answers.numel() >= kFewNumbers ? ModelCheck::Look::sigmoid : ModelCheck::Look::unclear;
}

ModelCheck::Gradient gradient_kind(const at::Tensor& gradient, const at::Tensor& answer,
                                   ModelCheck::Look look) {
  if (!at::isfinite(gradient).all().item<bool>()) return ModelCheck::Gradient::not_finite;
  if (gradient.any().item<bool>()) return ModelCheck::Gradient::reaches;
  const bool is_sure = ((answer < 1e-30) | (answer > 1 - 1e-6)).all().item<bool>();
  const bool leaves_none = look != ModelCheck::Look::scores && is_sure;
  return leaves_none ? ModelCheck::Gradient::unknown : ModelCheck::Gradient::zero;
}

/// The same clip once more, with the gradient of a random sum of all scores.
void check_gradient(const CheckedModel& model, const at::Tensor& input, const at::Tensor& answer,
                    ModelCheck& check) {
  const at::AutoGradMode with_gradient(true);
  const auto clip = input.detach().requires_grad_(true);
  const auto again = model.answer(clip);
  check.repeatable = are_equal(again.detach(), answer);
  try {
    const auto scores = model.scores(again);
    const auto sum = (scores * random_like(scores, 1)).sum();
    check.gradient = gradient_kind(input_gradient(sum, clip), again.detach(), check.look);
  } catch (const GradientError& error) {
    check.gradient = ModelCheck::Gradient::missing;
  } catch (const ModelRunError& error) {
    check.gradient = ModelCheck::Gradient::fails;
    check.gradient_reason = error.reason();
  }
}

/// Another clip before it, in one call. The first row cannot be compared with the other clip's answer, which
/// is not known, but it must differ from this one's.
void check_batch(const CheckedModel& model, const at::Tensor& input, const at::Tensor& answer,
                 ModelCheck& check) {
  if (!model.alone.empty()) {
    check.batch = ModelCheck::Batch::fails;
    check.batch_reason = model.alone;
    return;
  }
  const at::NoGradGuard no_gradient;
  try {
    const auto both = model.answer(at::cat({random_like(input, 2), input}));
    const bool is_own = are_equal(both.narrow(0, 1, 1), answer);
    const bool is_one_for_all = at::equal(both[0], both[1]);
    check.batch = is_own && !is_one_for_all ? ModelCheck::Batch::alike : ModelCheck::Batch::different;
  } catch (const ModelRunError& error) {
    check.batch = ModelCheck::Batch::fails;
    check.batch_reason = error.reason();
  } catch (const std::exception& error) {
    check.batch = ModelCheck::Batch::fails;
    check.batch_reason = is_out_of_memory(error) ? "memory was exhausted" : error.what();
  }
}

}  // namespace

bool has_gradient(const ModelCheck& check) {
  using Gradient = ModelCheck::Gradient;
  return check.gradient == Gradient::reaches || check.gradient == Gradient::unknown;
}

ModelCheck check_model(const CheckedModel& model, const at::Tensor& input, const at::Tensor& answer) {
  ModelCheck check;
  check.look = look_of(answer, model.ends_in_sigmoid);
  check_gradient(model, input, answer, check);
  if (check.repeatable) {
    check_batch(model, input, answer, check);
  } else {
    check.batch = ModelCheck::Batch::unknown;
  }
  return check;
}

}  // namespace fep
