#pragma once

#include <torch/csrc/jit/api/module.h>

#include "model/model_file.h"

namespace fep {

/// Shuffles the values of parameters, each tensor's among themselves: what they learned is lost, their range
/// and scale are kept. Tensors are counted in the order in which the modules were defined, the last first, so
/// that growing shares randomise a model from its classifier down to its first layer. Buffers, such as the
/// statistics of a batch normalisation, are left alone.
///
/// J. Adebayo et al., "Sanity Checks for Saliency Maps", NeurIPS 2018, section 3: an explanation that stays
/// the same when the parameters do not is no explanation of the model.
void randomise_parameters(const torch::jit::Module& module, const Randomisation& randomisation);

}  // namespace fep
