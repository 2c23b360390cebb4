#include "addon/views_spec.h"

#include "addon/arguments.h"

namespace fep {
namespace {

View read_view(const Napi::Object& object, const ViewsSpec& clip, const ModelSpec& own) {
  View view;
  const auto frames = require_array(object.Get("frames"), "frames");
  for (std::uint32_t i = 0; i < frames.Length(); ++i) {
    view.frames.push_back(require_integer(frames[i], "frame", 0, clip.frames - 1));
  }
  if (static_cast<std::int64_t>(view.frames.size()) != own.frames) {
    refuse(object.Env(), "a view has " + std::to_string(view.frames.size()) + " frames, the model takes " +
                             std::to_string(own.frames));
  }
  view.top = require_integer(object, "top", 0, clip.height - own.height);
  view.left = require_integer(object, "left", 0, clip.width - own.width);
  return view;
}

}  // namespace

ViewsSpec read_views_spec(const Napi::Object& object, const ModelSpec& own) {
  ViewsSpec spec;
  spec.frames = require_integer(object, "frames", 1);
  spec.height = require_integer(object, "height", own.height);
  spec.width = require_integer(object, "width", own.width);
  spec.average = require_choice<ViewsAverage>(object, "average");
  const auto views = require_array(object.Get("views"), "views");
  for (std::uint32_t i = 0; i < views.Length(); ++i) {
    spec.views.push_back(read_view(require_object(views[i], "view"), spec, own));
  }
  return spec;
}

}  // namespace fep
