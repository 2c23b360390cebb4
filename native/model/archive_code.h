#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>
#include <torch/csrc/jit/api/module.h>

namespace fep {

// Changes to the code of an archive, in all of its methods and functions, before any of them is inlined or
// run.

/// Keeps gradients stopped where the author stopped them. Freezing a module removes detach(), which does
/// nothing in inference: fep::detach, which does the same, replaces it. What is computed under no_grad() is
/// kept apart from the same computation outside.
void keep_detachments(const torch::jit::Module& module);

/// Replaces a number format wherever the code asks for it by name.
void replace_number_type(const torch::jit::Module& module, at::ScalarType from, at::ScalarType to);

/// Replaces the GPUs that the code names, as that of models traced on a GPU does, by `device`. Returns
/// whether there were any.
bool move_named_devices(const torch::jit::Module& module, at::Device device);

}  // namespace fep
