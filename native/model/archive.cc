#include "model/archive.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/serialization/import.h>

#include <new>
#include <utility>

namespace fep {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw ModelLoadError(path + " is not a TorchScript archive, or it is damaged: " + why);
}

torch::jit::Module read_module(const std::string& path, at::Device device) {
  try {
    return torch::jit::load(path, device);
  } catch (const c10::Error& error) {
    refuse(path, error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {  // the parser of its programs has exceptions of its own
    refuse(path, error.what());
  }
}

}  // namespace

Archive::Archive(std::string path, at::Device device, const std::optional<Randomisation>& randomisation)
    : path_(std::move(path)), device_(device), randomisation_(randomisation), module_(read()) {
  state_ = state();
  for (const auto& method : module_->get_methods()) methods_.insert(method.name());
  for (const auto& parameter : module_->parameters()) parameters_ += parameter.numel();
}

torch::jit::Module& Archive::module() {
  if (module_) return *module_;
  if (state() != state_) {
    throw ModelLoadError(path_ + " is another file than the one that was loaded: load the model anew.");
  }
  module_ = read();
  return *module_;
}

torch::jit::Module Archive::read() const {
  auto module = read_module(path_, device_);
  module.eval();
  for (auto parameter : module.parameters()) parameter.requires_grad_(false);
  if (randomisation_) randomise_parameters(module, *randomisation_);
  return module;
}

Archive::State Archive::state() const {
  std::error_code none;  // a file that is gone has neither
  return {std::filesystem::file_size(path_, none), std::filesystem::last_write_time(path_, none)};
}

}  // namespace fep
