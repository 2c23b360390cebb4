#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>

#include <memory>

namespace fep {

// The number format of a model's weights. Integers, as of tables of indices, stay integers.

/// The format of the first of a module's weights that is not float32; float32 where there is none.
at::ScalarType number_type_of(const torch::jit::Module& module);

/// Converts a module's parameters and buffers to another format.
void convert_numbers(torch::jit::Module& module, at::ScalarType type);

/// The same of a graph's constants.
void convert_numbers(std::shared_ptr<torch::jit::Graph>& graph, at::ScalarType type);

}  // namespace fep
