#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <variant>

#include "common/enum_names.h"

namespace fep {

/// What forward returns is not one answer for each clip, and nothing says how to make it so.
class OutputError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What the answers of one clip are averaged over where a model gives several.
enum class AverageOver {
  nothing,
  time,      ///< N×T×classes or N×classes×T: answers along the clip
  segments,  ///< (N·segments)×classes: answers as if they were clips of their own
};
template <>
inline constexpr auto kNames<AverageOver> = std::to_array<Named<AverageOver>>(
    {{"nothing", AverageOver::nothing}, {"time", AverageOver::time}, {"segments", AverageOver::segments}});

/// Which of the tensors that forward returns is the answer: not given, its index, or its name in a dictionary
/// or a named tuple.
using TensorChoice = std::variant<std::monostate, std::int64_t, std::string>;

/// What is known of a model's output beforehand.
struct OutputSpec {
  TensorChoice tensor;
  AverageOver average = AverageOver::nothing;
  std::int64_t classes = 0;  ///< 0 where their number is not known
};

/// Makes N×classes of what a model's forward returns: takes the chosen tensor, drops axes of length 1,
/// averages where asked.
class ModelOutput {
 public:
  /// frames: of the clip; tells time from classes where nothing else does.
  ModelOutput(OutputSpec spec, std::int64_t frames) : spec_(std::move(spec)), frames_(frames) {}

  /// @throws OutputError, which says what forward returned for how many clips, and which option helps
  at::Tensor answers(const c10::IValue& returned, std::int64_t clips) const;

 private:
  at::Tensor choose(const c10::IValue& returned) const;
  at::Tensor average(const at::Tensor& tensor, std::int64_t clips) const;
  /// Of N×A×B, the axis that is time.
  std::int64_t time_axis(const at::Tensor& tensor) const;

  OutputSpec spec_;
  std::int64_t frames_;
};

/// A value in words: “a tensor 1x5”, “a tuple of 2: a tensor 1x5, a tensor 1x16x4x16x16”.
std::string describe(const c10::IValue& value);

/// Sizes as 1x5.
std::string sizes_in_words(at::IntArrayRef sizes);

}  // namespace fep
