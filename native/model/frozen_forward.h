#pragma once

#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <memory>
#include <optional>

#include "model/model_form.h"

namespace fep {

/// A module's forward with its parameters frozen into the graph, in one of the forms in which it can be
/// computed. Gradients flow to the input only.
class FrozenForward {
 public:
  /// module: as loaded, in evaluation mode. Weights that do not change are shared with it.
  /// type: the number format to convert to; applied last, so that folded weights are rounded once.
  explicit FrozenForward(const torch::jit::Module& module, const ModelForm& form = {},
                         const std::optional<at::ScalarType>& type = {});

  /// Returns what forward returns; does not change the input.
  c10::IValue run(const at::Tensor& input);

  /// Resets the state that a model keeps from run to run, as in a buffer that counts them, to that in the
  /// file.
  void forget();

  /// Whether it keeps any state.
  bool has_state() const { return has_state_; }

  /// Whether its answer comes from a sigmoid; see model/output_activation.h.
  bool ends_in_sigmoid() const { return ends_in_sigmoid_; }

  const ModelForm& form() const { return form_; }
  /// Whether the form changes any convolution: the memory format of its weights, or its algorithm to
  /// Winograd's.
  bool is_other() const { return is_other_; }

 private:
  ModelForm form_;
  /// Holds the function that the graph's nodes point to: errors name it.
  std::shared_ptr<torch::jit::CompilationUnit> functions_;
  torch::jit::Stack as_loaded_;  ///< the module, where not all of it could be frozen
  torch::jit::Stack self_;       ///< the same, in the state after the runs so far
  torch::jit::Stack defaults_;   ///< of the arguments after the clip
  std::shared_ptr<torch::jit::Graph> graph_;
  bool ends_in_sigmoid_;
  bool is_other_;
  bool writes_to_input_;
  bool has_state_;
  torch::jit::GraphExecutor executor_;
};

}  // namespace fep
