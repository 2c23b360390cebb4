#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace fep {

/// How a transformer's tokens tile a clip.
struct TokenGrid {
  std::array<std::int64_t, 3> sizes{};  ///< T', H', W'
  std::int64_t prefix = 0;              ///< class tokens, which come first
  bool time_last =
      false;  ///< whether the next token is the next moment, as in TimeSformer, not the next place

  std::int64_t patches() const { return sizes[0] * sizes[1] * sizes[2]; }
  std::int64_t tokens() const { return prefix + patches(); }
};

/// The grid of `count` tokens of a model whose full grid is known: the same or, as transformers that pool
/// their tokens have it, with half, a quarter and so on of it along time or along both axes of space. The
/// class tokens may have been left out. None where nothing fits; where more than one does, time is kept.
std::optional<TokenGrid> grid_of(std::int64_t count, const TokenGrid& full);

/// The grid of the tokens of one frame each, H'×W' of the full grid, which are a batch.
std::optional<TokenGrid> grid_of_frame(std::int64_t count, const TokenGrid& full);

}  // namespace fep
