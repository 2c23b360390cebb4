#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>

namespace fep {

/// Values are processed in pieces of this many. The pieces do not depend on the number of threads, so neither
/// does the order of any sum: results are the same on one thread and on many.
constexpr std::int64_t kPiece = 1 << 14;

constexpr std::int64_t pieces_of(std::int64_t n) {
  return (n + kPiece - 1) / kPiece;
}

/// Calls body(piece, begin, length) for every piece of n values, in parallel.
template <typename Body>
void for_each_piece(std::int64_t n, const Body& body) {
  at::parallel_for(0, pieces_of(n), 1, [&](std::int64_t first, std::int64_t last) {
    for (auto piece = first; piece < last; ++piece) {
      body(piece, piece * kPiece, std::min(kPiece, n - piece * kPiece));
    }
  });
}

}  // namespace fep
