#include "model/model_spec.h"

namespace fep {

std::vector<std::int64_t> input_sizes(const ModelSpec& spec) {
  if (spec.layout == Layout::NCTHW) return {1, spec.channels, spec.frames, spec.height, spec.width};
  return {1, spec.frames, spec.channels, spec.height, spec.width};
}

at::Tensor in_layout(const at::Tensor& clips, Layout layout) {
  return layout == Layout::NCTHW ? clips : clips.transpose(1, 2).contiguous();
}

std::optional<at::ScalarType> type_of(Precision precision) {
  return precision == Precision::bfloat16 ? std::optional(at::kBFloat16) : std::nullopt;
}

}  // namespace fep
