#include "model/token_grid.h"

namespace fep {
namespace {

/// Halving rounds up, as strided convolutions with padding do.
std::int64_t scaled(std::int64_t size, std::int64_t by) {
  return (size + by - 1) / by;
}

/// The grid if its patches, with or without class tokens before them, are `count`.
std::optional<TokenGrid> if_counts(std::int64_t count, TokenGrid grid) {
  if (grid.sizes[1] * grid.sizes[2] <= 1) return std::nullopt;
  if (grid.tokens() == count) return grid;
  grid.prefix = 0;
  return grid.patches() == count ? std::optional(grid) : std::nullopt;
}

}  // namespace

std::optional<TokenGrid> grid_of(std::int64_t count, const TokenGrid& full) {
  const auto [time, height, width] = full.sizes;
  for (std::int64_t slower = 1; slower <= time; slower *= 2) {
    for (std::int64_t smaller = 1; smaller <= height && smaller <= width; smaller *= 2) {
      auto grid = full;
      grid.sizes = {scaled(time, slower), scaled(height, smaller), scaled(width, smaller)};
      if (const auto found = if_counts(count, grid)) return found;
    }
  }
  return std::nullopt;
}

std::optional<TokenGrid> grid_of_frame(std::int64_t count, const TokenGrid& full) {
  auto frame = full;
  frame.sizes[0] = 1;
  auto found = if_counts(count, frame);
  if (found) found->sizes[0] = full.sizes[0];
  return found;
}

}  // namespace fep
