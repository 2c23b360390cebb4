#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

#include "model/model_form.h"

namespace fep {

/// Sets the memory format of the weights of a frozen graph's convolutions; the output and the kernel of each
/// convolution follow its weights. Returns whether any weights have changed.
bool set_memory_format(std::shared_ptr<torch::jit::Graph>& graph, MemoryFormat format);

}  // namespace fep
