#pragma once

#include <cstdint>

#include "model/model_file.h"
#include "model/video_model.h"

namespace fep {

/// What a model's file shows of it without its arithmetic.
struct ModelSketch {
  ModelFacts facts;
  /// As VideoModel::layers() lists them. None is marked as the default: that takes gradients.
  std::vector<Layer> layers;
  std::int64_t multiply_accumulates = 0;  ///< in one forward of one clip
};

/// Follows a clip's sizes through the network: in seconds where a forward takes minutes. Computes on the CPU.
/// @throws ModelLoadError  it is no model
/// @throws ModelRunError   its sizes cannot be followed, since its code asks for numbers, or it does not run
/// @throws OutputError     what it returns is not N×classes, and nothing says how to make it so
ModelSketch sketch_model(const ModelFile& file);

}  // namespace fep
