#include "model/archive.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/serialization/import.h>

#include <new>
#include <sstream>
#include <utility>

#include "model/archive_code.h"
#include "model/model_failure.h"
#include "model/number_type.h"
#include "model/randomised_parameters.h"

namespace fep {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw ModelLoadError(path + " is not a TorchScript archive, or it is damaged: " + why);
}

torch::jit::Module read_module(const std::string& path, at::Device device) {
  try {
    return torch::jit::load(path, device);
  } catch (const c10::Error& error) {
    refuse(path, reason_of(error));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {  // the parser of its code has exceptions of its own
    refuse(path, reason_of(error));
  }
}

/// Whether an argument takes a tensor.
bool takes_tensor(const c10::Argument& argument) {
  return c10::TensorType::get()->isSubtypeOf(*argument.type());
}

/// A model is given one clip and nothing else.
void check_inputs(const torch::jit::Module& module) {
  const auto forward = module.find_method("forward");
  if (!forward)
    throw ModelLoadError("The file holds a TorchScript module without a forward: it is no model.");
  const auto& arguments = forward->function().getSchema().arguments();
  std::ostringstream wanted;
  std::size_t count = 0;
  bool is_one_tensor = true;
  for (std::size_t i = 1; i < arguments.size(); ++i) {  // the first is the module itself
    const auto& argument = arguments[i];
    if (argument.default_value() && count > 0) continue;
    wanted << (count ? ", " : "") << argument.name() << ": " << argument.type()->annotation_str();
    is_one_tensor = is_one_tensor && takes_tensor(argument);
    ++count;
  }
  if (count == 1 && is_one_tensor) return;
  const std::string number = count == 2 ? "two" : std::to_string(count);
  throw ModelLoadError("The model wants " + (count == 1 ? "one input" : number + " inputs") + " (" +
                       wanted.str() +
                       ") where it gets one clip: wrap it in a module whose forward(clip) makes " +
                       (count == 1 ? "that" : "these") + " from the clip, and export that.");
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

torch::jit::Module Archive::read() {
  auto module = read_module(path_, device_);
  check_inputs(module);
  keep_detachments(module);
  names_gpu_ = device_.is_cpu() && move_named_devices(module, device_);
  const auto weights = number_type_of(module);
  weights_ = c10::toString(weights);
  if (weights != at::kFloat) {
    convert_numbers(module, at::kFloat);
    replace_number_type(module, weights, at::kFloat);  // as of a cast of the input
  }
  module.eval();
  for (auto parameter : module.parameters()) parameter.requires_grad_(false);
  if (randomisation_) randomise_parameters(module, *randomisation_);
  return module;
}

Archive::State Archive::state() const {
  std::error_code none;  // a file that is gone has neither size nor time
  return {std::filesystem::file_size(path_, none), std::filesystem::last_write_time(path_, none)};
}

}  // namespace fep
