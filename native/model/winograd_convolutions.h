#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace fep {

/// Puts Winograd's convolutions (network/winograd_convolution.h) in the place of frozen ones
/// (frozen_operators.h) of stride 1 with three taps along both axes of frames, or along time, whose channels
/// are enough for matrix products and whose weights, 16 ninths as many then, stay small. For float32 on a
/// CPU. Returns whether there was any.
bool use_winograd_convolutions(std::shared_ptr<torch::jit::Graph>& graph);

}  // namespace fep
