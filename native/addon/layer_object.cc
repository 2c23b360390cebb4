#include "addon/layer_object.h"

#include "addon/arguments.h"
#include "addon/tensors.h"

namespace fep {
namespace {

Napi::Value layout_name(Napi::Env env, const std::optional<MapForm>& form) {
  return form ? name_in_javascript(env, form->layout).As<Napi::Value>() : env.Null();
}

Napi::Value grid_sizes(Napi::Env env, const std::optional<MapForm>& form) {
  return form && form->grid ? to_javascript(env, at::IntArrayRef(form->grid->sizes)).As<Napi::Value>()
                            : env.Null();
}

}  // namespace

Napi::Array layers_array(Napi::Env env, const std::vector<Layer>& layers) {
  auto list = Napi::Array::New(env, layers.size());
  for (std::uint32_t i = 0; i < layers.size(); ++i) {
    const auto& [name, type, sizes, form, is_default] = layers[i];
    auto layer = Napi::Object::New(env);
    layer["name"] = Napi::String::New(env, name);
    layer["type"] = Napi::String::New(env, type);
    layer["shape"] = to_javascript(env, at::IntArrayRef(sizes));
    layer["maps"] = layout_name(env, form);
    layer["grid"] = grid_sizes(env, form);
    layer["isDefault"] = Napi::Boolean::New(env, is_default);
    list[i] = layer;
  }
  return list;
}

}  // namespace fep
