#include "model/default_arguments.h"

namespace fep {

torch::jit::Stack default_arguments(const torch::jit::Module& module) {
  const auto& arguments = module.get_method("forward").function().getSchema().arguments();
  torch::jit::Stack defaults;
  for (std::size_t i = 2; i < arguments.size(); ++i) {  // the module itself and the clip come first
    if (arguments[i].default_value()) defaults.push_back(*arguments[i].default_value());
  }
  return defaults;
}

}  // namespace fep
