#pragma once

#include <exception>
#include <string>

namespace fep {

/// What JavaScript is told of a failure: a stable code (see lib/errors/fepError.ts) and a sentence.
struct Failure {
  std::string code;
  std::string message;
};

/// Describes whatever C++ threw.
Failure describe(const std::exception_ptr& error);

}  // namespace fep
