#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>

#include "common/enum_names.h"

namespace fep {

/// What a short check of a model finds out about how it can be explained.
struct ModelCheck {
  /// What two clips at once get.
  enum class Batch {
    alike,      ///< what each gets alone
    different,  ///< something else: the model mixes clips, or answers once for all
    fails,      ///< an error
    unknown,    ///< the model's answers vary in any case
  };
  /// What of the answer's gradient reaches the clip.
  enum class Gradient {
    reaches,
    missing,     ///< nothing that is differentiable leads from the clip to the answer
    zero,        ///< something does, and its slope is 0 everywhere
    unknown,     ///< the probabilities are 0 and 1, where the slope vanishes
    not_finite,  ///< NaN or infinity
    fails,       ///< an error
  };
  /// What the numbers of an answer could be.
  enum class Look {
    scores,
    softmax,  ///< at least 0, with a sum of 1
    sigmoid,  ///< each from 0 to 1
    unclear,  ///< the same, but so few that it may be chance
  };

  std::string returned;  ///< what forward returns for one clip, in words
  bool repeatable = true;
  Batch batch = Batch::alike;
  std::string batch_reason;
  Gradient gradient = Gradient::reaches;
  std::string gradient_reason;
  Look look = Look::scores;
};

template <>
inline constexpr auto kNames<ModelCheck::Batch> =
    std::to_array<Named<ModelCheck::Batch>>({{"alike", ModelCheck::Batch::alike},
                                             {"different", ModelCheck::Batch::different},
                                             {"fails", ModelCheck::Batch::fails},
                                             {"unknown", ModelCheck::Batch::unknown}});
template <>
inline constexpr auto kNames<ModelCheck::Gradient> =
    std::to_array<Named<ModelCheck::Gradient>>({{"reaches", ModelCheck::Gradient::reaches},
                                                {"missing", ModelCheck::Gradient::missing},
                                                {"zero", ModelCheck::Gradient::zero},
                                                {"unknown", ModelCheck::Gradient::unknown},
                                                {"not-finite", ModelCheck::Gradient::not_finite},
                                                {"fails", ModelCheck::Gradient::fails}});
template <>
inline constexpr auto kNames<ModelCheck::Look> =
    std::to_array<Named<ModelCheck::Look>>({{"scores", ModelCheck::Look::scores},
                                            {"softmax", ModelCheck::Look::softmax},
                                            {"sigmoid", ModelCheck::Look::sigmoid},
                                            {"unclear", ModelCheck::Look::unclear}});

/// Whether a gradient of the answer reaches the clip, as far as the check can tell.
bool has_gradient(const ModelCheck& check);

/// The model to check.
struct CheckedModel {
  /// N×classes for N clips in the model's own layout.
  std::function<at::Tensor(const at::Tensor& input)> answer;
  /// What gradient methods differentiate, of an answer.
  std::function<at::Tensor(const at::Tensor& answer)> scores;
  bool ends_in_sigmoid = false;
  /// Why it takes one clip at a time, where that is known.
  std::string alone;
};

/// Checks a model on a clip of random numbers whose answer is already known, by one more forward and backward
/// pass of that clip and a forward pass of two clips.
ModelCheck check_model(const CheckedModel& model, const at::Tensor& input, const at::Tensor& answer);

}  // namespace fep
