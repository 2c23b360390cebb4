#include "addon/sketch_job.h"

#include "addon/layer_object.h"

namespace fep {

Napi::Value SketchJob::result(Napi::Env env) {
  auto sketch = Napi::Object::New(env);
  const auto number = [&](std::int64_t value) { return Napi::Number::New(env, static_cast<double>(value)); };
  sketch["classes"] = number(sketch_.facts.classes);
  sketch["parameters"] = number(sketch_.facts.parameters);
  sketch["weights"] = Napi::String::New(env, sketch_.facts.weights);
  sketch["namesGpu"] = Napi::Boolean::New(env, sketch_.facts.names_gpu);
  sketch["layers"] = layers_array(env, sketch_.layers);
  sketch["multiplyAccumulates"] = number(sketch_.multiply_accumulates);
  return sketch;
}

}  // namespace fep
