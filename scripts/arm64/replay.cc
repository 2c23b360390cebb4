// Repeats the calls of operators that record_calls.py wrote, on this processor, and compares what they return:
//
//   replay calls.pt
//
// prints a line for each operator. Exit code 1 if one is further away than its bound.
#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

/// Of the largest value of a result. Sums are taken in another order, and products are rounded once with the sum that they
/// go into or twice; integers and booleans have to be equal.
double bound_of(at::ScalarType type) {
  if (type == at::kDouble) return 1e-12;
  if (type == at::kFloat) return 1e-5;
  return at::isFloatingType(type) ? 1e-2 : 0;
}

/// What is left of numbers about 1 where they cancel, in double precision.
constexpr double NOTHING = 1e-15;

struct Outcome {
  int calls = 0;
  int failed = 0;
  std::map<std::string, double> worst;  ///< per type of number
};

std::vector<char> read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Python's lists say nothing of their type, and its integers may stand for numbers.
c10::IValue typed(const c10::IValue& value, const c10::Argument& argument) {
  const auto& type = argument.type();
  if (value.isInt() && type->isSubtypeOf(*c10::FloatType::get())) return static_cast<double>(value.toInt());
  if (!value.isList()) return value;
  if (type->isSubtypeOf(*c10::ListType::ofInts())) {
    c10::List<int64_t> list;
    for (const c10::IValue& each : value.toListRef()) list.push_back(each.toInt());
    return list;
  }
  c10::List<double> list;
  for (const c10::IValue& each : value.toListRef()) list.push_back(each.toScalar().toDouble());
  return list;
}

/// The largest difference, of the largest finite value. What is not a number, or infinite, has to be so on both sides.
double difference(const at::Tensor& found, const at::Tensor& expected) {
  if (found.sizes() != expected.sizes() || found.scalar_type() != expected.scalar_type()) return INFINITY;
  if (expected.numel() == 0) return 0;
  const at::Tensor a = found.to(at::kDouble), b = expected.to(at::kDouble);
  const at::Tensor same = a.eq(b).logical_or(a.isnan().logical_and(b.isnan()));
  const double apart = at::where(same, 0.0, (a - b).abs()).max().item<double>();
  const double largest = at::where(b.isfinite(), b, 0.0).abs().max().item<double>();
  return apart <= NOTHING ? 0 : apart / largest;
}

void replay(const std::string& name, const c10::List<c10::IValue>& inputs,
            const c10::List<c10::IValue>& outputs, Outcome& outcome) {
  const auto op = c10::Dispatcher::singleton().findSchemaOrThrow(("fep::" + name).c_str(), "");
  torch::jit::Stack stack;
  for (size_t i = 0; i < inputs.size(); ++i)
    stack.push_back(typed(inputs.get(i), op.schema().arguments().at(i)));
  op.callBoxed(stack);
  ++outcome.calls;
  bool passes = true;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const at::Tensor expected = outputs.get(i).toTensor();
    const double apart = difference(stack.at(i).toTensor(), expected);
    double& worst = outcome.worst[c10::toString(expected.scalar_type())];
    worst = std::max(worst, apart);
    passes = passes && apart <= bound_of(expected.scalar_type());
  }
  if (!passes) ++outcome.failed;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: replay calls.pt\n", stderr);
    return 2;
  }
  const at::NoGradGuard no_gradients;
  std::map<std::string, Outcome> outcomes;
  const c10::IValue calls = torch::jit::pickle_load(read(arguments[1]));
  for (const c10::IValue& call : calls.toListRef()) {
    const auto& parts = call.toTupleRef().elements();
    const std::string name = parts.at(0).toStringRef();
    replay(name, parts.at(1).toList(), parts.at(2).toList(), outcomes[name]);
  }
  bool passes = true;
  for (const c10::OperatorName& op : c10::Dispatcher::singleton().getAllOpNames()) {
    if (op.name.rfind("fep::", 0) != 0 || outcomes.count(op.name.substr(5)) > 0) continue;
    std::printf("%-30s no call was recorded\n", op.name.substr(5).c_str());
    passes = false;
  }
  for (const auto& [name, outcome] : outcomes) {
    std::printf("%-30s %3d calls", name.c_str(), outcome.calls);
    for (const auto& [type, worst] : outcome.worst) std::printf("  %s %.1e", type.c_str(), worst);
    std::printf("%s\n", outcome.failed > 0 ? "  BEYOND ITS BOUND" : "");
    passes = passes && outcome.failed == 0;
  }
  return passes ? 0 : 1;
}
