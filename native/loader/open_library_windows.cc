#include <windows.h>

#include <system_error>

#include "open_library.h"

namespace {

std::wstring wide(const char* text) {
  const int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, nullptr, 0);
  if (length == 0) return {};
  std::wstring result(static_cast<std::size_t>(length), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, text, -1, result.data(), length);
  result.pop_back();  // the zero at the end
  return result;
}

}  // namespace

// A library that is open satisfies all later ones that need one of its name: the addon then finds libtorch's.
std::string open_library(const char* path) {
  const DWORD search = LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS;
  if (LoadLibraryExW(wide(path).c_str(), nullptr, search) != nullptr) return {};
  const auto code = static_cast<int>(GetLastError());
  return std::string(path) + ": " + std::system_category().message(code);
}
