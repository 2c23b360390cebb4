#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/enum_names.h"
#include "model/model_form.h"
#include "model/model_output.h"
#include "model/token_grid.h"

namespace fep {

/// Order of a model's input axes.
enum class Layout { NCTHW, NTCHW };
template <>
inline constexpr auto kNames<Layout> =
    std::to_array<Named<Layout>>({{"NCTHW", Layout::NCTHW}, {"NTCHW", Layout::NTCHW}});

/// What a model's output is, and so what makes probabilities of it.
enum class Activation {
  logits,             ///< scores of classes of which one is right: their softmax
  softmax,            ///< probabilities of such classes
  sigmoid,            ///< probabilities of classes each of which may be right
  sigmoid_of_scores,  ///< scores of such classes: the sigmoid of each; set by the check, has no name
};
template <>
inline constexpr auto kNames<Activation> = std::to_array<Named<Activation>>(
    {{"logits", Activation::logits}, {"softmax", Activation::softmax}, {"sigmoid", Activation::sigmoid}});

/// Number format of a model's own arithmetic; masks and energies are float32 always.
enum class Precision { float32, tf32, bfloat16 };
template <>
inline constexpr auto kNames<Precision> = std::to_array<Named<Precision>>(
    {{"float32", Precision::float32}, {"tf32", Precision::tf32}, {"bfloat16", Precision::bfloat16}});

/// How to talk to a model: what its manifest says.
struct ModelSpec {
  Layout layout = Layout::NCTHW;
  Activation activation = Activation::logits;
  OutputSpec output;
  Precision precision = Precision::float32;
  ModelForm form;
  std::int64_t channels = 3, frames = 0, height = 0, width = 0;
  std::optional<TokenGrid> tokens;  ///< of a transformer, where its manifest says it
  std::string alone;  ///< why it takes one clip at a time, where that is known; two are not tried
};

/// Sizes of one clip as the model takes it.
std::vector<std::int64_t> input_sizes(const ModelSpec& spec);

/// Clips N×C×T×H×W in the order of axes that the model takes.
at::Tensor in_layout(const at::Tensor& clips, Layout layout);

/// What a precision's numbers are converted to; none where they are left as they are.
std::optional<at::ScalarType> type_of(Precision precision);

}  // namespace fep
