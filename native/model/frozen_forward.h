#pragma once

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <memory>
#include <optional>

#include "model/model_form.h"

namespace fep {

/// A module's forward with its parameters frozen into the graph, in one of the forms in which it can be
/// computed. Gradients flow to the input alone.
class FrozenForward {
 public:
  /// module: as loaded, in evaluation mode. Weights that are left as they are stay the module's.
  /// type: what numbers are turned into; last, so that folded weights are rounded once.
  explicit FrozenForward(const torch::jit::Module& module, const ModelForm& form = {},
                         const std::optional<at::ScalarType>& type = {});

  at::Tensor run(const at::Tensor& input);

  const ModelForm& form() const { return form_; }
  /// Whether what is asked of the convolutions changes any: that their weights lie otherwise than they were
  /// exported, or that they are Winograd's.
  bool is_other() const { return is_other_; }

 private:
  ModelForm form_;
  torch::jit::Stack self_;  ///< the module, where not all of it could be frozen
  std::shared_ptr<torch::jit::Graph> graph_;
  bool is_other_;
  torch::jit::GraphExecutor executor_;
};

}  // namespace fep
