#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fep {

/// How the masks of one run lie: clip after clip, a clip's area after area, an area's cells of frequency
/// bands side by side. All masks of a clip and a cell are a part: what would be a run by itself.
struct MaskLayout {
  std::int64_t clips = 1, areas = 1, cells = 1;

  std::int64_t masks() const { return clips * areas * cells; }
  std::int64_t masks_of_clip() const { return areas * cells; }
  std::int64_t parts() const { return clips * cells; }

  /// The masks of a part, which are numbered clip by clip.
  std::vector<std::int64_t> masks_of_part(std::int64_t part) const {
    std::vector<std::int64_t> masks;
    const auto clip = part / cells, cell = part % cells;
    for (std::int64_t area = 0; area < areas; ++area) masks.push_back((clip * areas + area) * cells + cell);
    return masks;
  }

  std::int64_t part_of_mask(std::int64_t mask) const { return mask / masks_of_clip() * cells + mask % cells; }

  /// a of each mask, given those of a clip.
  std::vector<double> areas_of_masks(const std::vector<double>& of_clip) const {
    std::vector<double> of_masks;
    for (std::int64_t mask = 0; mask < masks(); ++mask) {
      of_masks.push_back(of_clip[static_cast<std::size_t>(mask / cells % areas)]);
    }
    return of_masks;
  }
};

}  // namespace fep
