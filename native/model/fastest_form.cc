#include "model/fastest_form.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

namespace fep {
namespace {

/// Of the time so far; what a quiet machine's own measurements differ by.
constexpr double kWorthwhile = 0.98;

/// Small models are measured more often, for so many seconds.
constexpr int kFewest = 2, kMost = 30;
constexpr double kSeconds = 0.5;

}  // namespace

ModelForm fastest_form(const PassTimer& seconds) {
  using Choice = void (*)(ModelForm&);
  constexpr std::array<Choice, 5> choices{
      [](ModelForm& form) { form.fold_batch_norm = true; },
      [](ModelForm& form) { form.memory_format = MemoryFormat::channels_last; },
      [](ModelForm& form) { form.memory_format = MemoryFormat::contiguous; },
      [](ModelForm& form) { form.winograd = true; },
      [](ModelForm& form) { form.optimise_graph = true; },
  };
  ModelForm best;
  double fewest = seconds(best).value_or(std::numeric_limits<double>::infinity());
  for (const auto& choose : choices) {
    auto form = best;
    choose(form);
    const auto taken = seconds(form);
    if (!taken || *taken > kWorthwhile * fewest) continue;
    best = form;
    fewest = *taken;
  }
  return best;
}

double seconds_of(const std::function<void()>& pass) {
  pass();
  double fewest = std::numeric_limits<double>::infinity(), all = 0;
  for (int i = 0; i < kFewest || (i < kMost && all < kSeconds); ++i) {
    const auto start = std::chrono::steady_clock::now();
    pass();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    fewest = std::min(fewest, taken.count());
    all += taken.count();
  }
  return fewest;
}

}  // namespace fep
