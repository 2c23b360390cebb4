#include "model/load_video_model.h"

#include "model/torchscript_model.h"

namespace fep {

std::unique_ptr<VideoModel> load_video_model(const ModelFile& file) {
  return TorchScriptModel::load(file);
}

}  // namespace fep
