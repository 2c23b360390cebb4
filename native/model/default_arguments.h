#pragma once

#include <torch/csrc/jit/api/module.h>

namespace fep {

/// The default values of the arguments of a module's forward after the clip.
torch::jit::Stack default_arguments(const torch::jit::Module& module);

}  // namespace fep
