#pragma once

#include <memory>

#include "model/model_file.h"
#include "model/video_model.h"

namespace fep {

/// Loads a model with the runtime that reads its file, runs it once, on the reference input if there is one,
/// else on a random one, and checks it (model/model_check.h) unless the file says what an earlier check
/// found. A model whose parameters are randomised has no reference.
///
/// There is one runtime so far, TorchScript. Another one is a class of its own beside TorchScriptModel and is
/// chosen here.
///
/// @throws ModelLoadError   no runtime reads the file, or it does not run on clips of the given shape
/// @throws OutputError      what it returns is not N×classes, and nothing says how to make it so
/// @throws ReferenceError   it runs, but answers something else than the reference
std::unique_ptr<VideoModel> load_video_model(const ModelFile& file);

}  // namespace fep
