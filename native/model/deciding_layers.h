#pragma once

#include <torch/csrc/autograd/edge.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/feature_maps.h"
#include "model/gradient_graph.h"

namespace fep {

/// What a layer returned, as a place in the autograd graph.
struct LayerPlace {
  std::string name;
  std::optional<MapForm> form;
  bool is_entry;               ///< whether it is one of several things that the layer returned
  torch::autograd::Edge edge;  ///< invalid where its output does not depend on the clip
};

/// Of layers that are feature maps, whether the answer has a gradient with respect to any of their places or
/// patches. A class token may be all that the answer takes from the last tokens.
using HasGradient = std::function<std::vector<bool>(const std::vector<const LayerPlace*>&)>;

/// The last layers through which, taken together, the whole decision flows: where Grad-CAM looks when nothing
/// else is said. Empty where there are none that can be named.
///
/// These are found in the autograd graph, from the answer back to the clip, as the first feature maps on
/// every path: one layer of most networks, after batch normalisation and shortcut; the layers of two
/// pathways, or of branches whose concatenation is no layer's output. Of a layer that pools, and of layers
/// after it that do not mix places any more, what goes into the pooling is taken: a head is left out. Of
/// tokens, the last are taken that every path passes, behind attention, and with a gradient of patches.
///
/// @param layers  in the order in which they ran
/// @param form  of an output of these sizes
std::vector<std::string> deciding_layers(const GradientGraph& graph, const std::vector<LayerPlace>& layers,
                                         const std::function<std::optional<MapForm>(at::IntArrayRef)>& form,
                                         const HasGradient& has_gradient);

}  // namespace fep
