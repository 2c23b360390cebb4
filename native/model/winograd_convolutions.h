#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace fep {

/// Replaces frozen convolutions (frozen_operators.h) by Winograd's (network/winograd_convolution.h), for
/// float32 on a CPU: those of stride 1 with three taps along both axes of frames, or along time, that have
/// enough channels for matrix products and few enough weights, which become 16/9 as many. Returns whether
/// there were any.
bool use_winograd_convolutions(std::shared_ptr<torch::jit::Graph>& graph);

}  // namespace fep
