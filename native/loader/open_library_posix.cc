#include <dlfcn.h>

#include "open_library.h"

namespace {

#if defined(__APPLE__)
// The addon is linked without libtorch's names (CMakeLists.txt): they are looked up in all libraries that are
// opened with RTLD_GLOBAL. Libraries of macOS remember which library each of their names comes from, so that
// libtorch's libuv stays apart from Node's.
constexpr int kVisibility = RTLD_GLOBAL;
#else
// libtorch_cpu exports a second libuv, which must never take the place of Node's.
constexpr int kVisibility = RTLD_LOCAL;
#endif

}  // namespace

std::string open_library(const char* path) {
  if (dlopen(path, RTLD_NOW | kVisibility) != nullptr) return {};
  const char* reason = dlerror();
  return reason != nullptr ? reason : "dlopen failed without a reason";
}
