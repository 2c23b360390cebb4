#pragma once

#include <functional>
#include <optional>

#include "model/model_form.h"

namespace fep {

/// Seconds of a forward and backward pass in a form; none where the model is not the same function in it.
using PassTimer = std::function<std::optional<double>(const ModelForm&)>;

/// The form whose pass is fastest. The choices are made one after the other, the one that matters most first,
/// each measured on top of those before it: six forms rather than all of them. A choice must gain more than
/// noise does, so a tie stays as it was exported.
ModelForm fastest_form(const PassTimer& seconds);

/// Seconds of the fastest of several passes, after one that lets the executor and the allocator settle.
double seconds_of(const std::function<void()>& pass);

}  // namespace fep
