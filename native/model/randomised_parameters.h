#pragma once

#include <torch/csrc/jit/api/module.h>

#include "model/model_file.h"

namespace fep {

/// Puts the values of parameters in random order, each tensor's among themselves: what they learned is gone,
/// their range and scale are not. Tensors count in the order in which the modules were defined, the last
/// first, so that growing shares randomise a model from its classifier down to its first layer. Buffers, as
/// the statistics of a batch normalisation, stay.
///
/// J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, section 3: an explanation that stays
/// the same when the parameters do not is no explanation of the model.
void randomise_parameters(const torch::jit::Module& module, const Randomisation& randomisation);

}  // namespace fep
