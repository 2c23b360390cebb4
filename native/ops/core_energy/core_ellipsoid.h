#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace fep {

constexpr std::int64_t kDepth = 7, kSide = 11;
constexpr double kVolume = 443;  // ⌊7·11·11·0.5236⌋, the ellipsoid's volume (π/6 ≈ 0.5236)

/// A run of ones of the ellipsoid: in frame z and row y, columns [begin, end).
struct Run {
  std::int64_t z, y, begin, end;
};

/// The voxels within semi-axes of 3 frames and 5 pixels around the centre.
struct Ellipsoid {
  std::vector<Run> runs;
  double sum = 0;

  Ellipsoid() {
    const auto normalised = [](std::int64_t i, std::int64_t n) {
      const auto semi_axis = static_cast<double>(n - 1) / 2;
      return (static_cast<double>(i) - semi_axis) / semi_axis;
    };
    for (std::int64_t z = 0; z < kDepth; ++z) {
      for (std::int64_t y = 0; y < kSide; ++y) {
        Run run{z, y, kSide, 0};
        for (std::int64_t x = 0; x < kSide; ++x) {
          const double r = std::hypot(normalised(z, kDepth), normalised(y, kSide), normalised(x, kSide));
          if (r > 1 + 1e-9) continue;
          run.begin = std::min(run.begin, x);
          run.end = x + 1;
        }
        if (run.begin >= run.end) continue;
        runs.push_back(run);
        sum += static_cast<double>(run.end - run.begin);
      }
    }
  }
};

/// How many of n responses are pulled to 1: k of core_energy.h.
inline std::int64_t largest_responses(double area, std::int64_t voxels, std::int64_t n) {
  return std::min(static_cast<std::int64_t>(std::ceil(area * static_cast<double>(voxels) / kVolume)), n);
}

}  // namespace fep
