#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

#include "model/model_form.h"

namespace fep {

/// Lays the weights of a frozen graph's convolutions out anew; what comes out of each convolution, and the
/// kernel that computes it, follow the weights. Returns whether any lies otherwise than before.
bool set_memory_format(std::shared_ptr<torch::jit::Graph>& graph, MemoryFormat format);

}  // namespace fep
