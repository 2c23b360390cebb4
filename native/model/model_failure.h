#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace fep {

/// An error that the model itself threw while it ran.
class ModelRunError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Nothing that the model answers depends on the clip in a way that can be differentiated.
class GradientError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The reason in what TorchScript or libtorch threw, in one line: without the traceback, whose lines name
/// files of whoever exported the model, and without libtorch's own backtrace.
std::string reason_of(const std::exception& error);

}  // namespace fep
