#pragma once

#include <torch/csrc/jit/api/module.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "model/model_file.h"

namespace fep {

/// A TorchScript archive, in evaluation mode, in float32 and without gradients of its parameters. What was
/// read can be dropped while it is not needed, and is read again on demand.
class Archive {
 public:
  /// @throws ModelLoadError  not TorchScript, truncated, or its forward takes something else than one tensor
  Archive(std::string path, at::Device device, const std::optional<Randomisation>& randomisation);

  /// @throws ModelLoadError  it was dropped, and the file has changed since
  torch::jit::Module& module();

  /// Frees its memory, unless somebody else holds it.
  void drop() { module_.reset(); }

  std::int64_t parameters() const { return parameters_; }
  /// The number format of the weights in the file, “Half”; “Float” where there are none.
  const std::string& weights() const { return weights_; }
  /// Whether its code names GPUs, which `device` replaces.
  bool names_gpu() const { return names_gpu_; }
  bool has_method(const std::string& name) const { return methods_.contains(name); }

 private:
  /// What changes when the file is written to.
  struct State {
    std::uintmax_t bytes;
    std::filesystem::file_time_type written;
    bool operator==(const State&) const = default;
  };

  torch::jit::Module read();
  State state() const;

  std::string path_;
  at::Device device_;
  std::optional<Randomisation> randomisation_;
  // read() sets these two.
  std::string weights_ = "Float";
  bool names_gpu_ = false;
  std::optional<torch::jit::Module> module_;
  State state_{};
  std::set<std::string> methods_;
  std::int64_t parameters_ = 0;
};

}  // namespace fep
