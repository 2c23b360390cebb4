#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace fep {

/// A file that is not a usable model.
class ModelLoadError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A model that loads but does not answer its reference input as its manifest promises.
class ReferenceError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An error that the model itself threw while it ran.
class ModelRunError : public std::runtime_error {
 public:
  /// what failed, in a sentence, and why, as libtorch or the model's author says it
  ModelRunError(const std::string& what, std::string reason)
      : std::runtime_error(what + ": " + reason), reason_(std::move(reason)) {}

  const std::string& reason() const { return reason_; }

 private:
  std::string reason_;
};

/// Nothing that the model answers depends on the clip in a way that can be differentiated.
class GradientError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The reason in what TorchScript or libtorch threw, in one line: without the traceback, whose lines name
/// files of whoever exported the model, and without libtorch's own backtrace.
std::string reason_of(const std::exception& error);

}  // namespace fep
