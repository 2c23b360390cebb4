#pragma once

#include <c10/util/DimVector.h>
#include <torch/csrc/autograd/function.h>

#include <optional>

namespace fep {

// What kind of operation a node of the autograd graph is the derivative of.

/// Whether it makes a place depend on others by weights: a convolution of more than one tap, or a product of
/// two tensors that both depend on the clip, as in attention.
bool mixes_places(const torch::autograd::Node& node);

/// Whether it is such a product, or attention as one operation.
bool attends(const torch::autograd::Node& node);

/// Whether it makes one number of several places without weights: a mean, or pooling.
bool pools(const torch::autograd::Node& node);

bool is_layer_norm(const torch::autograd::Node& node);

bool is_softmax(const torch::autograd::Node& node);

/// The sizes of one of the tensors that it returned; none where it returned none.
std::optional<at::DimVector> sizes_of_output(const torch::autograd::Node& node, std::size_t which = 0);

}  // namespace fep
