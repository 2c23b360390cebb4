#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>
#include <torch/csrc/jit/api/module.h>

namespace fep {

// What has to be changed in the programs of an archive, in all of its methods and functions, before any of
// them is inlined or run.

/// Keeps the gradient where its author stopped it. Freezing a module takes detach() for an operator that does
/// nothing, as it is in inference, and drops it: fep::detach, which does the same, takes its place. What
/// no_grad() computes is kept apart from the same computation outside.
void keep_detachments(const torch::jit::Module& module);

/// Has the programs ask for numbers of another format where they ask for one by its name.
void replace_number_type(const torch::jit::Module& module, at::ScalarType from, at::ScalarType to);

/// Puts `device` in the place of the GPUs that the programs name, as those of models traced on a GPU do.
/// Returns whether there were any.
bool move_named_devices(const torch::jit::Module& module, at::Device device);

}  // namespace fep
