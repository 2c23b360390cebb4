#pragma once

#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <string>

namespace fep {

/// Whether what was thrown says that memory is exhausted: libtorch's own CPU allocator reports it as a plain
/// error, and oneDNN, which is asked only for shapes that libtorch has checked, as a primitive that it cannot
/// create; one that it cannot describe is one that it does not have, as an LSTM in bfloat16.
inline bool says_out_of_memory(const std::string& message) {
  return message.find("can't allocate memory") != std::string::npos ||
         message.find("out of memory") != std::string::npos ||
         (message.find("could not create a primitive") != std::string::npos &&
          message.find("could not create a primitive descriptor") == std::string::npos);
}

/// The same for errors of any kind, a GPU's too.
inline bool is_out_of_memory(const std::exception& error) {
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
         dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr || says_out_of_memory(error.what());
}

}  // namespace fep
