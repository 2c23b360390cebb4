// Opens libtorch's libraries by path, so that the addon finds them already loaded under their own names: no
// LD_LIBRARY_PATH and no build machine's path in the addon. Pure Node-API; it links against nothing but the
// C++ library.
#include <node_api.h>

#include <optional>
#include <string>

#include "open_library.h"

namespace {

// The path at paths[index]; none, with an exception pending, if that is no string.
std::optional<std::string> PathAt(napi_env env, napi_value paths, uint32_t index) {
  napi_value value;
  size_t length = 0;
  if (napi_get_element(env, paths, index, &value) != napi_ok ||
      napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) {
    napi_throw_type_error(env, nullptr, "open(paths): every path must be a string");
    return std::nullopt;
  }
  std::string path(length, '\0');
  napi_get_value_string_utf8(env, value, path.data(), length + 1,
                             &length);  // std::string ends with a zero, too
  return path;
}

// open(paths: string[]): void
napi_value Open(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value paths;
  uint32_t count = 0;
  napi_get_cb_info(env, info, &argc, &paths, nullptr, nullptr);
  if (argc < 1 || napi_get_array_length(env, paths, &count) != napi_ok) {
    napi_throw_type_error(env, nullptr, "open(paths): an array of paths is expected");
    return nullptr;
  }
  for (uint32_t index = 0; index < count; ++index) {
    const auto path = PathAt(env, paths, index);
    if (!path) return nullptr;
    if (const auto reason = open_library(path->c_str()); !reason.empty()) {
      napi_throw_error(env, nullptr, reason.c_str());
      return nullptr;
    }
  }
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value open;
  if (napi_create_function(env, "open", NAPI_AUTO_LENGTH, Open, nullptr, &open) != napi_ok ||
      napi_set_named_property(env, exports, "open", open) != napi_ok) {
    return nullptr;
  }
  return exports;
}
