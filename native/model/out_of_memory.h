#pragma once

#include <string>

namespace fep {

/// Whether what was thrown says that memory is exhausted: libtorch's own CPU allocator reports it as a plain
/// error, and oneDNN, which is asked only for shapes that libtorch has checked, as a primitive that it cannot
/// create.
inline bool says_out_of_memory(const std::string& message) {
  return message.find("can't allocate memory") != std::string::npos ||
         message.find("out of memory") != std::string::npos ||
         message.find("could not create a primitive") != std::string::npos;
}

}  // namespace fep
