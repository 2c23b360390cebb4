#pragma once

#include <functional>

#include "model/model_form.h"

namespace fep {

/// A forward and backward pass of a model in some form, as often as it is called.
using Pass = std::function<void()>;

/// Makes the pass of a form; none where the model does not run, or is not the same function, in it.
using PassMaker = std::function<Pass(const ModelForm&)>;

/// The form whose pass is fastest. The choices are made one after the other, the one that matters most first,
/// each on top of those before it: six forms rather than all of them. A choice is measured by turns with the
/// form it would replace, as a machine may become slower or faster meanwhile, and must gain more than noise
/// does: a tie stays as it was exported.
ModelForm fastest_form(const PassMaker& pass_in);

}  // namespace fep
