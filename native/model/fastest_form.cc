#include "model/fastest_form.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <exception>
#include <limits>
#include <optional>
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

/// The median of the ratios of its time to that of the other pass just before. Both run once first, so that
/// the executor and the allocator settle.
double time_ratio(const Pass& pass, const Pass& other) {
  std::vector<double> ratios;
  pass();
  const auto fewest = seconds_of(other) > kSeconds ? kFewestSlow : kFewest;
  for (double all = 0; ratios.size() < fewest || (ratios.size() < kMost && all < kSeconds);) {
    const double others = seconds_of(other), own = seconds_of(pass);
    ratios.push_back(own / std::max(others, std::numeric_limits<double>::min()));
    all += others + own;
  }
  return median(std::move(ratios));
}

/// How many times faster a pass is, where that makes it replace the other; none where it fails, or has no
/// memory beside the other.
std::optional<double> gain_over(const Pass& other, const Pass& pass) {
  if (!pass) return {};
  if (!other) return 1;
  try {
    const double ratio = time_ratio(pass, other);
    return ratio <= kWorthwhile ? std::optional(1 / ratio) : std::nullopt;
  } catch (const std::exception&) {
    return {};
  }
}

using Choice = void (*)(ModelForm&);

/// The form that was fastest so far, against which others are tried.
class Contest {
 public:
  Contest(const PassMaker& pass_in, double most_seconds, const std::function<void(const Tuning&)>& on_trial)
      : pass_in_(pass_in),
        most_seconds_(most_seconds),
        on_trial_(on_trial),
        start_(std::chrono::steady_clock::now()) {
    on_trial_({best_, best_, gain_, spent(), most_seconds_});
    fastest_ = pass_in_(best_);
    if (fastest_) pass_seconds_ = seconds_of(fastest_);
  }

  const ModelForm& best() const { return best_; }

  /// The form takes the best one's place where it is faster, and where there is time to find that out.
  void consider(const ModelForm& form) {
    if (form == best_ || spent() + kPasses * pass_seconds_ > most_seconds_) return;
    on_trial_({form, best_, gain_, spent(), most_seconds_});
    auto pass = pass_in_(form);
    const auto gain = gain_over(fastest_, pass);
    if (!gain) return;
    gain_ *= *gain;
    best_ = form;
    fastest_ = std::move(pass);
  }

  /// The best form with a change.
  void consider(Choice change) {
    auto form = best_;
    change(form);
    consider(form);
  }

 private:
  double spent() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  const PassMaker& pass_in_;
  double most_seconds_;
  const std::function<void(const Tuning&)>& on_trial_;
  std::chrono::steady_clock::time_point start_;
  ModelForm best_;
  Pass fastest_;
  double pass_seconds_ = 0, gain_ = 1;
};

}  // namespace

ModelForm fastest_form(const PassMaker& pass_in, double most_seconds,
                       const std::function<void(const Tuning&)>& on_trial) {
  constexpr ModelForm channels_last{.fold_batch_norm = true, .memory_format = MemoryFormat::channels_last};
  constexpr ModelForm winograd{
      .fold_batch_norm = true, .memory_format = MemoryFormat::channels_last, .winograd = true};
  constexpr std::array<Choice, 4> choices{
      [](ModelForm& form) { form.fold_batch_norm = true; },
      [](ModelForm& form) { form.memory_format = MemoryFormat::channels_last; },
      [](ModelForm& form) { form.memory_format = MemoryFormat::contiguous; },
      [](ModelForm& form) { form.winograd = true; },
  };
  Contest contest(pass_in, most_seconds, on_trial);
  // These choices help each other: folding leaves convolutions behind convolutions, and Winograd's want
  // channels last.
  contest.consider(winograd);
  contest.consider(channels_last);
  if (contest.best() == ModelForm{}) {
    for (const auto& choose : choices) contest.consider(choose);
  }
  contest.consider([](ModelForm& form) { form.optimise_graph = true; });
  return contest.best();
}

}  // namespace fep
