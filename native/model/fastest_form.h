#pragma once

#include <functional>

#include "model/model_form.h"

namespace fep {

/// Runs one forward and backward pass of a model in some form.
using Pass = std::function<void()>;

/// Makes the pass of a form; an empty one where the model does not run in it or is not the same function.
using PassMaker = std::function<Pass(const ModelForm&)>;

/// The form whose pass is fastest. First those of which most is to be expected for convolutional networks;
/// where none of them gains, choices one after the other, each on top of those before it: that measures three
/// to seven forms rather than all. A form is measured in turns with the one that it would replace, as the
/// machine may become slower or faster meanwhile, and must gain more than noise: in a tie, the form stays as
/// exported.
///
/// most_seconds: the time for all of it; a choice that would not fit in what is left of it is not tried, so
/// that of a large model the first choices are. on_trial: called before each form is measured.
ModelForm fastest_form(const PassMaker& pass_in, double most_seconds,
                       const std::function<void(const Tuning&)>& on_trial);

}  // namespace fep
