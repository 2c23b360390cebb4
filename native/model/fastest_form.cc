#include "model/fastest_form.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <vector>

namespace fep {
namespace {

/// Of the time so far; what a quiet machine's own measurements differ by.
constexpr double kWorthwhile = 0.98;

/// Turns of two passes. Small models take more of them, for so many seconds.
constexpr std::size_t kFewest = 5, kMost = 60;
constexpr double kSeconds = 1;

double seconds_of(const Pass& pass) {
  const auto start = std::chrono::steady_clock::now();
  pass();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// By the median of its times over those of the other pass just before; both have run before.
bool is_faster(const Pass& pass, const Pass& other) {
  std::vector<double> ratios;
  for (double all = 0; ratios.size() < kFewest || (ratios.size() < kMost && all < kSeconds);) {
    const double others = seconds_of(other), own = seconds_of(pass);
    ratios.push_back(own / others);
    all += others + own;
  }
  return median(std::move(ratios)) <= kWorthwhile;
}

/// A pass that has let the executor and the allocator settle; none where it does not run.
Pass settled(Pass pass) {
  try {
    if (pass) pass();
    return pass;
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace

ModelForm fastest_form(const PassMaker& pass_in) {
  using Choice = void (*)(ModelForm&);
  constexpr std::array<Choice, 5> choices{
      [](ModelForm& form) { form.fold_batch_norm = true; },
      [](ModelForm& form) { form.memory_format = MemoryFormat::channels_last; },
      [](ModelForm& form) { form.memory_format = MemoryFormat::contiguous; },
      [](ModelForm& form) { form.winograd = true; },
      [](ModelForm& form) { form.optimise_graph = true; },
  };
  ModelForm best;
  auto fastest = settled(pass_in(best));
  for (const auto& choose : choices) {
    auto form = best;
    choose(form);
    auto pass = settled(pass_in(form));
    if (!pass || (fastest && !is_faster(pass, fastest))) continue;
    best = form;
    fastest = std::move(pass);
  }
  return best;
}

}  // namespace fep
