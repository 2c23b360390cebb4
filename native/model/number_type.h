#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace fep {

// The number format of a model's weights. Whole numbers, as of tables of indices, stay whole numbers.

/// The format of a module's weights where any is not float32; else float32.
at::ScalarType number_type_of(const torch::jit::Module& module);

/// Turns a module's parameters and buffers into another format.
void convert_numbers(torch::jit::Module& module, at::ScalarType type);

/// The same of a graph's constants.
void convert_numbers(std::shared_ptr<torch::jit::Graph>& graph, at::ScalarType type);

}  // namespace fep
