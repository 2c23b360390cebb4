#pragma once

// The value of a given rank by radix selection: values are mapped to whole numbers of the same order, and the
// digits of the wanted one are found one after the other by counting. Groups of values (a mask, or a frame of
// it) are cut into pieces, one for each block.

#include "ops/cuda/block.cuh"
#include "ops/cuda/energies.cuh"

namespace fep::cuda {

constexpr Index kPiece = 4096;
constexpr int kDigitBits = 8;
constexpr Index kDigits = 1 << kDigitBits;

template <typename scalar>
struct KeyType;
template <>
struct KeyType<float> {
  using type = std::uint32_t;
};
template <>
struct KeyType<double> {
  using type = std::uint64_t;
};
template <typename scalar>
using Key = typename KeyType<scalar>::type;

template <typename scalar>
constexpr int kRounds = sizeof(scalar) * 8 / kDigitBits;

/// Maps values to whole numbers of the same order. −0 and NaN count as 0.
template <typename scalar>
FEP_HOST_DEVICE Key<scalar> key_of(scalar value) {
  constexpr auto kSign = Key<scalar>(1) << (sizeof(scalar) * 8 - 1);
  const scalar plain = value == 0 || value != value ? scalar(0) : value;
  Key<scalar> bits;
  memcpy(&bits, &plain, sizeof bits);
  return bits & kSign ? ~bits : bits | kSign;
}

/// The state of one group's search.
template <typename scalar>
struct Selection {
  Key<scalar> key;  ///< the digits found so far, 0 below; in the end the threshold's
  Index rank;       ///< of the wanted one among the values that begin with these digits; in the end among the
                    ///< threshold's equals: as many of them, in order, are zeros, and the rest are ones
};

/// `groups` groups of `length` values each.
struct AreaSizes {
  Index groups, length, pieces;

  FEP_HOST_DEVICE Index group_of(Index block) const { return block / pieces; }
  /// The values of a block's piece, from its group's first one.
  FEP_HOST_DEVICE Index first(Index block) const { return block % pieces * kPiece; }
  FEP_HOST_DEVICE Index last(Index block) const { return smaller(first(block) + kPiece, length); }
};

template <typename scalar>
struct BeginSelection {
  Index first_group, groups_per_rank;
  Index ranks[kRanks];
  Selection<scalar>* selections;

  FEP_HOST_DEVICE void operator()(Index i) const {
    selections[first_group + i] = {0, ranks[i / groups_per_rank]};
  }
};

/// Counts the values of each digit among those that begin with the digits found.
template <typename scalar>
struct CountDigits {
  static constexpr int kThreads = kDigits;
  struct Shared {
    Index counts[kDigits];
  };

  AreaSizes sizes;
  int round;
  const scalar* values;
  const Selection<scalar>* selections;
  Index* counts;  ///< groups × kDigits, all 0

  FEP_HOST_DEVICE void operator()(const Block<kThreads>& block, Shared& shared, Index i) const {
    const Index group = sizes.group_of(i);
    auto* found = shared.counts;
    block.each_thread([=](Index thread) { found[thread] = 0; });
    block.each_thread([&, found](Index thread) {
      const auto* in_group = values + static_cast<std::int64_t>(group) * sizes.length;
      for (Index at = sizes.first(i) + thread; at < sizes.last(i); at += kThreads) {
        const auto key = key_of(in_group[at]);
        if (begins_alike(key, selections[group].key)) count_up(&found[digit(key)]);
      }
    });
    block.each_thread([&, found](Index thread) {
      if (found[thread] > 0) count_up(&counts[group * kDigits + thread], found[thread]);
    });
  }

 private:
  FEP_HOST_DEVICE int shift() const { return (kRounds<scalar> - 1 - round) * kDigitBits; }
  FEP_HOST_DEVICE Index digit(Key<scalar> key) const {
    return static_cast<Index>(key >> shift() & Key<scalar>(kDigits - 1));
  }
  FEP_HOST_DEVICE bool begins_alike(Key<scalar> a, Key<scalar> b) const {
    return round == 0 || (a ^ b) >> (shift() + kDigitBits) == 0;
  }
};

/// Finds the next digit of a group from the counts. A rank beyond all values takes the highest digits, which
/// no number has: nothing is pulled to 1 then.
template <typename scalar>
struct ChooseDigit {
  static constexpr int kThreads = kDigits;
  struct Shared {
    Index totals[kDigits], spare[kDigits];
    Index rank;
  };

  int round;
  const Index* counts;
  Selection<scalar>* selections;

  FEP_HOST_DEVICE void operator()(const Block<kThreads>& block, Shared& shared, Index group) const {
    block.each_thread([&](Index thread) {
      shared.totals[thread] = counts[group * kDigits + thread];
      if (thread == 0) shared.rank = selections[group].rank;
    });
    block.run_totals(shared.totals, shared.spare);
    block.each_thread([&](Index digit) {
      const Index below = digit == 0 ? 0 : shared.totals[digit - 1];
      const bool here = shared.rank < shared.totals[digit] || digit == kDigits - 1;
      if (below > shared.rank || !here) return;
      auto& selection = selections[group];
      selection.key |= static_cast<Key<scalar>>(digit) << ((kRounds<scalar> - 1 - round) * kDigitBits);
      selection.rank = shared.rank - below;
    });
  }
};

/// Counts the threshold's equals in each piece.
template <typename scalar>
struct CountEquals {
  static constexpr int kThreads = 256;
  struct Shared {
    Index counts[kThreads];
  };

  AreaSizes sizes;
  const scalar* values;
  const Selection<scalar>* selections;
  Index* equals;  ///< groups × pieces

  FEP_HOST_DEVICE void operator()(const Block<kThreads>& block, Shared& shared, Index i) const {
    auto* counts = shared.counts;
    block.each_thread([&, counts](Index thread) {
      const Index group = sizes.group_of(i);
      const auto* in_group = values + static_cast<std::int64_t>(group) * sizes.length;
      Index count = 0;
      for (Index at = sizes.first(i) + thread; at < sizes.last(i); at += kThreads) {
        count += key_of(in_group[at]) == selections[group].key;
      }
      counts[thread] = count;
    });
    block.add_up(counts);
    block.each_thread([&, counts](Index thread) {
      if (thread == 0) equals[i] = counts[0];
    });
  }
};

/// Pulls the values of a piece to 0 or 1: their gradient, and the piece's part of the energy.
template <typename scalar>
struct PullPiece {
  static constexpr int kThreads = 256;
  struct Shared {
    Index counts[kThreads], spare[kThreads];
    Index before;
    double sums[kThreads];
  };

  AreaSizes sizes;
  scalar scale;  ///< what the mean contributes to the gradient
  const scalar* values;
  const Selection<scalar>* selections;
  const Index* equals;
  scalar* gradient;
  double* energies;  ///< groups × pieces

  FEP_HOST_DEVICE void operator()(const Block<kThreads>& block, Shared& shared, Index i) const {
    count_before(block, shared, i);
    const Index zeros = selections[sizes.group_of(i)].rank;
    // Of all pieces of a group at most one has equals of both kinds: only there does their order matter.
    const bool mixed = shared.before < zeros && zeros < shared.before + equals[i];
    if (mixed) count_in_runs(block, shared, i);
    block.each_thread([&](Index thread) {
      shared.sums[thread] = mixed ? pull_run(shared, i, thread) : pull_strided(shared, i, thread);
    });
    block.add_up(shared.sums);
    block.each_thread([&](Index thread) {
      if (thread == 0) energies[i] = shared.sums[0];
    });
  }

 private:
  static constexpr Index kRun = kPiece / kThreads;

  FEP_HOST_DEVICE const scalar* group_values(Index i) const {
    return values + static_cast<std::int64_t>(sizes.group_of(i)) * sizes.length;
  }
  FEP_HOST_DEVICE Key<scalar> threshold(Index i) const { return selections[sizes.group_of(i)].key; }

  /// The threshold's equals in the pieces before this one.
  FEP_HOST_DEVICE void count_before(const Block<kThreads>& block, Shared& shared, Index i) const {
    block.each_thread([&](Index thread) {
      const auto* in_group = equals + sizes.group_of(i) * sizes.pieces;
      Index count = 0;
      for (Index piece = thread; piece < i % sizes.pieces; piece += kThreads) count += in_group[piece];
      shared.counts[thread] = count;
    });
    block.add_up(shared.counts);
    block.each_thread([&](Index thread) {
      if (thread == 0) shared.before = shared.counts[0];
    });
  }

  /// The same for runs of neighbouring values, one for each thread: counts become running totals.
  FEP_HOST_DEVICE void count_in_runs(const Block<kThreads>& block, Shared& shared, Index i) const {
    block.each_thread([&](Index thread) {
      const Index first = sizes.first(i) + thread * kRun, last = smaller(first + kRun, sizes.last(i));
      Index count = 0;
      for (Index at = first; at < last; ++at) count += key_of(group_values(i)[at]) == threshold(i);
      shared.counts[thread] = count;
    });
    block.run_totals(shared.counts, shared.spare);
  }

  FEP_HOST_DEVICE double pull_strided(const Shared& shared, Index i, Index thread) const {
    const bool equals_are_ones = shared.before >= selections[sizes.group_of(i)].rank;
    double energy = 0;
    for (Index at = sizes.first(i) + thread; at < sizes.last(i); at += kThreads) {
      const auto key = key_of(group_values(i)[at]);
      energy += pull(i, at, key > threshold(i) || (key == threshold(i) && equals_are_ones));
    }
    return energy;
  }

  FEP_HOST_DEVICE double pull_run(const Shared& shared, Index i, Index thread) const {
    const Index first = sizes.first(i) + thread * kRun, last = smaller(first + kRun, sizes.last(i));
    const Index zeros = selections[sizes.group_of(i)].rank;
    Index seen = shared.before + (thread == 0 ? 0 : shared.counts[thread - 1]);
    double energy = 0;
    for (Index at = first; at < last; ++at) {
      const auto key = key_of(group_values(i)[at]);
      const bool equal = key == threshold(i);
      energy += pull(i, at, key > threshold(i) || (equal && seen >= zeros));
      seen += equal;
    }
    return energy;
  }

  /// One value: its gradient; returns its part of the energy.
  FEP_HOST_DEVICE double pull(Index i, Index at, bool to_one) const {
    const scalar residual = group_values(i)[at] - (to_one ? scalar(1) : scalar(0));
    gradient[static_cast<std::int64_t>(sizes.group_of(i)) * sizes.length + at] = scale * residual;
    return static_cast<double>(residual) * static_cast<double>(residual);
  }
};

}  // namespace fep::cuda
