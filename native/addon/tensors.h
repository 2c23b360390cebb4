#pragma once

#include <ATen/core/Tensor.h>
#include <napi.h>

#include <cstdint>
#include <vector>

#include "model/video_model.h"

namespace fep {

// Between JavaScript's arrays and tensors on a model's device.

/// Numbers in one clip of a model.
inline std::int64_t clip_size(const ModelSpec& spec) {
  return spec.channels * spec.frames * spec.height * spec.width;
}

/// Numbers in one mask of a model's clip.
inline std::int64_t mask_size(const ModelSpec& spec) {
  return spec.frames * spec.height * spec.width;
}

/// Clips as a tensor count×C×T×H×W. On a CPU it shares the vector's memory.
at::Tensor clips_tensor(std::vector<float>& clips, std::int64_t count, const VideoModel& model);

/// Masks as a tensor count×T×H×W. On a CPU it shares the vector's memory.
at::Tensor masks_tensor(std::vector<float>& masks, std::int64_t count, const VideoModel& model);

Napi::Float32Array to_javascript(Napi::Env env, const at::Tensor& tensor);
Napi::Float32Array to_javascript(Napi::Env env, const std::vector<float>& values);

/// Bytes on the CPU.
Napi::Uint8Array to_uint8_array(Napi::Env env, const at::Tensor& bytes);

/// Whole numbers, such as a shape.
Napi::Array to_javascript(Napi::Env env, at::IntArrayRef values);

}  // namespace fep
