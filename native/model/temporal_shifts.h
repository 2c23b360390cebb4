#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace fep {

/// Replaces the slices and concatenations of a temporal shift by fep::temporal_shift
/// (network/temporal_shift.h). Recognises the two forms that this project's exporters write
/// (python/fep_import/networks/tsm.py, scripts/train/tsm.py); others are left unchanged.
void use_temporal_shift(std::shared_ptr<torch::jit::Graph>& graph);

}  // namespace fep
