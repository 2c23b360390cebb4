#include "addon/tensors.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "addon/arguments.h"

namespace fep {

at::Tensor clips_tensor(std::vector<float>& clips, std::int64_t count, const VideoModel& model) {
  const auto& spec = model.spec();
  return at::from_blob(clips.data(), {count, spec.channels, spec.frames, spec.height, spec.width})
      .to(model.device());
}

at::Tensor masks_tensor(std::vector<float>& masks, std::int64_t count, const VideoModel& model) {
  const auto& spec = model.spec();
  return at::from_blob(masks.data(), {count, spec.frames, spec.height, spec.width}).to(model.device());
}

Napi::Uint8Array to_uint8_array(Napi::Env env, const at::Tensor& bytes) {
  const auto length = static_cast<std::size_t>(bytes.numel());
  auto array = Napi::Uint8Array::New(env, length);
  std::copy_n(bytes.const_data_ptr<std::uint8_t>(), length, array.Data());
  return array;
}

Napi::Float32Array to_javascript(Napi::Env env, const at::Tensor& tensor) {
  const auto host = tensor.to(at::kCPU, at::kFloat).contiguous();
  return to_float32_array(env, host.const_data_ptr<float>(), static_cast<std::size_t>(host.numel()));
}

Napi::Float32Array to_javascript(Napi::Env env, const std::vector<float>& values) {
  return to_float32_array(env, values.data(), values.size());
}

Napi::Array to_javascript(Napi::Env env, at::IntArrayRef values) {
  auto array = Napi::Array::New(env, values.size());
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    array[i] = Napi::Number::New(env, static_cast<double>(values[i]));
  }
  return array;
}

}  // namespace fep
