#include "model/fastest_form.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <limits>
#include <utility>
#include <vector>

namespace fep {
namespace {

/// A choice must take at most this share of the time: a smaller gain is noise, on an idle machine too.
constexpr double kWorthwhile = 0.98;

/// Turns of the two passes: at least kFewest, then more of them until kSeconds are over. Of slow passes,
/// which take longer than kSeconds by themselves, kFewestSlow are enough: noise is small beside them.
constexpr std::size_t kFewest = 5, kFewestSlow = 2, kMost = 60;
constexpr double kSeconds = 1;

/// Passes that a choice takes at least: its check, one of each form to settle, and the turns.
constexpr double kPasses = 2 + 2 + 2 * kFewestSlow;

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

/// Judged by the median of the ratios of its time to that of the other pass just before. Both run once first,
/// so that the executor and the allocator settle.
bool is_faster(const Pass& pass, const Pass& other) {
  std::vector<double> ratios;
  pass();
  const auto fewest = seconds_of(other) > kSeconds ? kFewestSlow : kFewest;
  for (double all = 0; ratios.size() < fewest || (ratios.size() < kMost && all < kSeconds);) {
    const double others = seconds_of(other), own = seconds_of(pass);
    ratios.push_back(own / std::max(others, std::numeric_limits<double>::min()));
    all += others + own;
  }
  return median(std::move(ratios)) <= kWorthwhile;
}

/// Whether a pass replaces another; not where it fails, or has no memory beside the other.
bool replaces(const Pass& pass, const Pass& other) {
  try {
    return pass && (!other || is_faster(pass, other));
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

ModelForm fastest_form(const PassMaker& pass_in, double most_seconds) {
  using Choice = void (*)(ModelForm&);
  constexpr std::array<Choice, 5> choices{
      [](ModelForm& form) { form.fold_batch_norm = true; },
      [](ModelForm& form) { form.memory_format = MemoryFormat::channels_last; },
      [](ModelForm& form) { form.memory_format = MemoryFormat::contiguous; },
      [](ModelForm& form) { form.winograd = true; },
      [](ModelForm& form) { form.optimise_graph = true; },
  };
  const auto start = std::chrono::steady_clock::now();
  const auto spent = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  ModelForm best;
  auto fastest = pass_in(best);
  const double pass_seconds = fastest ? seconds_of(fastest) : 0;
  for (const auto& choose : choices) {
    if (spent() + kPasses * pass_seconds > most_seconds) break;
    auto form = best;
    choose(form);
    auto pass = pass_in(form);
    if (!replaces(pass, fastest)) continue;
    best = form;
    fastest = std::move(pass);
  }
  return best;
}

}  // namespace fep
