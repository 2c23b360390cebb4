#pragma once

#include <c10/util/Exception.h>

#include <exception>
#include <new>
#include <string>

namespace fep {

/// Whether an error's message says that memory is exhausted. libtorch's CPU allocator reports that as a plain
/// error; oneDNN, which is asked only for shapes that libtorch has checked, as a primitive that it cannot
/// create. A primitive descriptor that it cannot create is of an operation that it lacks, such as an LSTM in
/// bfloat16.
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
