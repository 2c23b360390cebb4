#include "addon/model_check_object.h"

#include <string>
#include <vector>

#include "addon/arguments.h"

namespace fep {
namespace {

// In the order of the enumerations.
const std::vector<std::string> kBatches{"alike", "different", "fails", "unknown"};
const std::vector<std::string> kGradients{"reaches", "missing", "zero", "unknown", "not-finite", "fails"};
const std::vector<std::string> kLooks{"scores", "softmax", "sigmoid", "unclear"};

template <typename Kind>
Napi::String name_of(Napi::Env env, Kind kind, const std::vector<std::string>& names) {
  return Napi::String::New(env, names[static_cast<std::size_t>(kind)]);
}

template <typename Kind>
Kind read_kind(const Napi::Object& object, const char* field, const std::vector<std::string>& names) {
  return static_cast<Kind>(require_choice(object, field, names));
}

}  // namespace

ModelCheck read_model_check(const Napi::Object& object) {
  ModelCheck check;
  check.returned = require_string(object, "returned");
  check.repeatable = require_bool(object, "repeatable");
  check.batch = read_kind<ModelCheck::Batch>(object, "batch", kBatches);
  check.batch_reason = require_string(object, "batchReason");
  check.gradient = read_kind<ModelCheck::Gradient>(object, "gradient", kGradients);
  check.gradient_reason = require_string(object, "gradientReason");
  check.look = read_kind<ModelCheck::Look>(object, "look", kLooks);
  return check;
}

Napi::Object model_check_object(Napi::Env env, const ModelCheck& check) {
  auto object = Napi::Object::New(env);
  object["returned"] = Napi::String::New(env, check.returned);
  object["repeatable"] = Napi::Boolean::New(env, check.repeatable);
  object["batch"] = name_of(env, check.batch, kBatches);
  object["batchReason"] = Napi::String::New(env, check.batch_reason);
  object["gradient"] = name_of(env, check.gradient, kGradients);
  object["gradientReason"] = Napi::String::New(env, check.gradient_reason);
  object["look"] = name_of(env, check.look, kLooks);
  return object;
}

}  // namespace fep
