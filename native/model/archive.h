#pragma once

#include <torch/csrc/jit/api/module.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>

#include "model/randomised_parameters.h"

namespace fep {

/// A file that is not a usable model.
class ModelLoadError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A TorchScript archive, in evaluation mode and without gradients of its parameters. What was read can be
/// dropped while nobody needs it; it is read again when somebody does.
class Archive {
 public:
  /// @throws ModelLoadError  not TorchScript, or truncated
  Archive(std::string path, at::Device device, const std::optional<Randomisation>& randomisation);

  /// @throws ModelLoadError  it was dropped, and the file is another one by now
  torch::jit::Module& module();

  /// Gives its memory back, as far as nobody else holds it.
  void drop() { module_.reset(); }

  std::int64_t parameters() const { return parameters_; }
  bool has_method(const std::string& name) const { return methods_.contains(name); }

 private:
  /// What a file that was written to differs in.
  struct State {
    std::uintmax_t bytes;
    std::filesystem::file_time_type written;
    bool operator==(const State&) const = default;
  };

  torch::jit::Module read() const;
  State state() const;

  std::string path_;
  at::Device device_;
  std::optional<Randomisation> randomisation_;
  std::optional<torch::jit::Module> module_;
  State state_{};
  std::set<std::string> methods_;
  std::int64_t parameters_ = 0;
};

}  // namespace fep
