#pragma once

#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include <functional>
#include <map>
#include <set>
#include <string>

namespace fep {

/// Whether an observed forward computes what its convolutions and matrix products return, or only the sizes
/// of that (model/skipped_products.h).
enum class Products { computed, skipped };

/// A module's forward whose submodules' outputs can be observed while it runs: what hooks do in Python and
/// TorchScript lacks in C++.
///
/// The forward's graph is copied; the calls of submodules are inlined one after the other, which makes their
/// full names known, and each is followed by an operator that hands its output to a visitor. Calls in
/// branches and loops are found too. Of a submodule that returns a tuple, the first entry is observed if it
/// is a tensor: blocks of transformers return something beside their tokens. Others cannot be observed.
class ObservableForward {
 public:
  /// Gets a layer's name and output; what it returns replaces the output.
  using Visitor = std::function<at::Tensor(const std::string& name, const at::Tensor& output)>;

  /// module: as loaded, in evaluation mode; frozen modules have no submodules any more.
  explicit ObservableForward(torch::jit::Module module, Products products = Products::computed);

  /// The forward of `input`; the visitor is called on this thread, in the order of execution.
  c10::IValue run(const at::Tensor& input, const Visitor& visitor);

  /// The class of a layer by its name.
  const std::string& type_of(const std::string& name) const { return types_.at(name); }

  /// Whether a layer returns a tuple.
  bool returns_tuple(const std::string& name) const { return tuples_.contains(name); }

 private:
  torch::jit::Module module_;
  std::map<std::string, std::string> types_;
  std::set<std::string> tuples_;
  torch::jit::GraphExecutor executor_;
};

}  // namespace fep
