#include "addon/layers_job.h"

#include "addon/arguments.h"
#include "addon/tensors.h"
#include "model/feature_maps.h"

namespace fep {
namespace {

Napi::Value layout_name(Napi::Env env, std::optional<MapLayout> layout) {
  return layout ? name_in_javascript(env, *layout).As<Napi::Value>() : env.Null();
}

}  // namespace

Napi::Value LayersJob::result(Napi::Env env) {
  auto list = Napi::Array::New(env, layers_.size());
  for (std::uint32_t i = 0; i < layers_.size(); ++i) {
    const auto& [name, type, sizes] = layers_[i];
    auto layer = Napi::Object::New(env);
    layer["name"] = Napi::String::New(env, name);
    layer["type"] = Napi::String::New(env, type);
    layer["shape"] = to_javascript(env, at::IntArrayRef(sizes));
    layer["maps"] = layout_name(env, map_layout(sizes, model_->spec()));
    list[i] = layer;
  }
  return list;
}

}  // namespace fep
