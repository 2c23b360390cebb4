// Opens libtorch's libraries by path, so that the addon finds them already loaded under their SONAMEs: no
// LD_LIBRARY_PATH and no build machine's path in the addon. Pure Node-API; it links against nothing but libc.
#include <dlfcn.h>
#include <node_api.h>

#include <cstdlib>
#include <memory>

namespace {

struct FreeMemory {
  void operator()(char* memory) const { std::free(memory); }
};
using Path = std::unique_ptr<char, FreeMemory>;

// The path at paths[index] as a C string, or null with an exception pending.
Path PathAt(napi_env env, napi_value paths, uint32_t index) {
  napi_value value;
  size_t length = 0;
  if (napi_get_element(env, paths, index, &value) != napi_ok ||
      napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) {
    napi_throw_type_error(env, nullptr, "open(paths): every path must be a string");
    return nullptr;
  }
  Path path(static_cast<char*>(std::malloc(length + 1)));
  if (path == nullptr) {
    napi_throw_error(env, nullptr, "out of memory");
    return nullptr;
  }
  napi_get_value_string_utf8(env, value, path.get(), length + 1, &length);
  return path;
}

// open(paths: string[]): void. Symbols stay local: libtorch_cpu exports a second libuv, which must never take
// the place of Node's. Libraries stay open for the life of the process; opening one twice is free.
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
    const Path path = PathAt(env, paths, index);
    if (path == nullptr) return nullptr;
    if (dlopen(path.get(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
      const char* reason = dlerror();
      napi_throw_error(env, nullptr, reason != nullptr ? reason : "dlopen failed without a reason");
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
