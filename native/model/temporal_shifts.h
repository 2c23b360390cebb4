#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace fep {

/// Puts fep::temporal_shift (network/temporal_shift.h) in the place of the slices and concatenations that a
/// temporal shift is written with. Known are the two ways of this project's exporters (scripts/export/tsm.py,
/// scripts/train/tsm.py); one that is written otherwise stays as it is.
void use_temporal_shift(std::shared_ptr<torch::jit::Graph>& graph);

}  // namespace fep
