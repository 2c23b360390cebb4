#include "addon/model_check_object.h"

#include "addon/arguments.h"

namespace fep {
ModelCheck read_model_check(const Napi::Object& object) {
  ModelCheck check;
  check.returned = require_string(object, "returned");
  check.repeatable = require_bool(object, "repeatable");
  check.batch = require_choice<ModelCheck::Batch>(object, "batch");
  check.batch_reason = require_string(object, "batchReason");
  check.gradient = require_choice<ModelCheck::Gradient>(object, "gradient");
  check.gradient_reason = require_string(object, "gradientReason");
  check.look = require_choice<ModelCheck::Look>(object, "look");
  return check;
}

Napi::Object model_check_object(Napi::Env env, const ModelCheck& check) {
  auto object = Napi::Object::New(env);
  object["returned"] = Napi::String::New(env, check.returned);
  object["repeatable"] = Napi::Boolean::New(env, check.repeatable);
  object["batch"] = name_in_javascript(env, check.batch);
  object["batchReason"] = Napi::String::New(env, check.batch_reason);
  object["gradient"] = name_in_javascript(env, check.gradient);
  object["gradientReason"] = Napi::String::New(env, check.gradient_reason);
  object["look"] = name_in_javascript(env, check.look);
  return object;
}

}  // namespace fep
