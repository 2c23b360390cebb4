#include "model/temporal_shifts.h"

#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/subgraph_matcher.h>
#include <torch/csrc/jit/passes/constant_pooling.h>
#include <torch/csrc/jit/passes/subgraph_rewrite.h>

#include <string>
#include <unordered_map>

namespace fep {
namespace {

using torch::jit::Value;

/// Whether the constants of a match have the values that their names in the patterns promise.
bool has_known_constants(const torch::jit::Match& match,
                         const std::unordered_map<std::string, Value*>& names) {
  const auto value_of = [&](const char* name) { return match.values_map.at(names.at(name)); };
  const auto is = [&](const char* name, std::int64_t expected) {
    return torch::jit::constant_as<std::int64_t>(value_of(name)) == expected;
  };
  const bool is_none = value_of("none")->type()->kind() == c10::TypeKind::NoneType;
  return is_none && is("minus_one", -1) && is("zero", 0) && is("one", 1) && is("two", 2);
}

// Frames N·T×C×H×W as clips, and back.
#define FEP_BEGIN_SHIFT                                                                       \
  "graph(%x, %frames, %share, %minus_one, %zero, %one, %two, %none):\n"                       \
  "  %sizes : int[] = aten::size(%x)\n"                                                       \
  "  %n : int, %channels : int, %height : int, %width : int = prim::ListUnpack(%sizes)\n"     \
  "  %moved : int = aten::floordiv(%channels, %share)\n"                                      \
  "  %shape : int[] = prim::ListConstruct(%minus_one, %frames, %channels, %height, %width)\n" \
  "  %clips : Tensor = aten::reshape(%x, %shape)\n"
#define FEP_END_SHIFT                                                                     \
  "  %parts : Tensor[] = prim::ListConstruct(%first_shifted, %second_shifted, %still)\n"  \
  "  %shifted : Tensor = aten::cat(%parts, %two)\n"                                       \
  "  %shape_back : int[] = prim::ListConstruct(%minus_one, %channels, %height, %width)\n" \
  "  %y : Tensor = aten::reshape(%shifted, %shape_back)\n"                                \
  "  return (%y)\n"

/// python/fep_import/networks/tsm.py: split; the first part comes from the next frame.
constexpr auto kSplit = FEP_BEGIN_SHIFT R"(
  %both : int = aten::mul(%moved, %two)
  %rest : int = aten::sub(%channels, %both)
  %counts : int[] = prim::ListConstruct(%moved, %moved, %rest)
  %split : Tensor[] = aten::split(%clips, %counts, %two)
  %first : Tensor, %second : Tensor, %still : Tensor = prim::ListUnpack(%split)
  %first_all : Tensor = aten::slice(%first, %zero, %none, %none, %one)
  %first_frame : Tensor = aten::slice(%first_all, %one, %none, %one, %one)
  %nothing : Tensor = aten::zeros_like(%first_frame, %none, %none, %none, %none, %none)
  %later : Tensor = aten::slice(%first_all, %one, %one, %none, %one)
  %first_list : Tensor[] = prim::ListConstruct(%later, %nothing)
  %first_shifted : Tensor = aten::cat(%first_list, %one)
  %second_all : Tensor = aten::slice(%second, %zero, %none, %none, %one)
  %earlier : Tensor = aten::slice(%second_all, %one, %none, %minus_one, %one)
  %second_list : Tensor[] = prim::ListConstruct(%nothing, %earlier)
  %second_shifted : Tensor = aten::cat(%second_list, %one)
)" FEP_END_SHIFT;

/// scripts/train/tsm.py: slices; the first part comes from the frame before.
constexpr auto kSlices = FEP_BEGIN_SHIFT R"(
  %of_all : Tensor = aten::slice(%clips, %zero, %none, %none, %one)
  %all : Tensor = aten::slice(%of_all, %one, %none, %none, %one)
  %first : Tensor = aten::slice(%all, %two, %none, %moved, %one)
  %both : int = aten::mul(%moved, %two)
  %second : Tensor = aten::slice(%all, %two, %moved, %both, %one)
  %still : Tensor = aten::slice(%all, %two, %both, %none, %one)
  %first_all : Tensor = aten::slice(%first, %zero, %none, %none, %one)
  %first_frame : Tensor = aten::slice(%first_all, %one, %none, %one, %one)
  %nothing : Tensor = aten::zeros_like(%first_frame, %none, %none, %none, %none, %none)
  %earlier : Tensor = aten::slice(%first_all, %one, %none, %minus_one, %one)
  %first_list : Tensor[] = prim::ListConstruct(%nothing, %earlier)
  %first_shifted : Tensor = aten::cat(%first_list, %one)
  %second_all : Tensor = aten::slice(%second, %zero, %none, %none, %one)
  %later : Tensor = aten::slice(%second_all, %one, %one, %none, %one)
  %second_frame : Tensor = aten::slice(%second_all, %one, %none, %one, %one)
  %nothing_too : Tensor = aten::zeros_like(%second_frame, %none, %none, %none, %none, %none)
  %second_list : Tensor[] = prim::ListConstruct(%later, %nothing_too)
  %second_shifted : Tensor = aten::cat(%second_list, %one)
)" FEP_END_SHIFT;

#undef FEP_BEGIN_SHIFT
#undef FEP_END_SHIFT

std::string shift_by(int offset) {
  return "graph(%x, %frames, %share, %minus_one, %zero, %one, %two, %none):\n"
         "  %offset : int = prim::Constant[value=" +
         std::to_string(offset) +
         "]()\n"
         "  %y : Tensor = fep::temporal_shift(%x, %frames, %share, %offset)\n"
         "  return (%y)\n";
}

void rewrite(std::shared_ptr<torch::jit::Graph>& graph, const char* pattern, int offset) {
  torch::jit::SubgraphRewriter rewriter;
  rewriter.RegisterRewritePattern(pattern, shift_by(offset));
  rewriter.runOnGraph(graph, has_known_constants);
}

}  // namespace

void use_temporal_shift(std::shared_ptr<torch::jit::Graph>& graph) {
  torch::jit::ConstantPooling(graph);  // a name in a pattern stands for one value
  rewrite(graph, kSplit, 1);
  rewrite(graph, kSlices, -1);
}

}  // namespace fep
