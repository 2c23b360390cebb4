#pragma once

#include <torch/csrc/jit/api/module.h>

namespace fep {

/// What a module's forward takes for its arguments behind the clip where nobody gives them.
torch::jit::Stack default_arguments(const torch::jit::Module& module);

}  // namespace fep
