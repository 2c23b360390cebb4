#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fep {

/// The order of a run's masks: clip by clip, within a clip area by area, within an area setting by setting of
/// the frequency modulation. The masks of one clip and one setting are a group: by themselves they would be a
/// run of their own.
struct MaskLayout {
  std::int64_t clips = 1, areas = 1, settings = 1;

  std::int64_t masks() const { return clips * areas * settings; }
  std::int64_t masks_of_clip() const { return areas * settings; }
  std::int64_t groups() const { return clips * settings; }

  /// The masks of a group; groups are numbered clip by clip.
  std::vector<std::int64_t> masks_of_group(std::int64_t group) const {
    std::vector<std::int64_t> masks;
    const auto clip = group / settings, setting = group % settings;
    for (std::int64_t area = 0; area < areas; ++area)
      masks.push_back((clip * areas + area) * settings + setting);
    return masks;
  }

  std::int64_t group_of_mask(std::int64_t mask) const {
    return mask / masks_of_clip() * settings + mask % settings;
  }

  /// a of each mask, given those of a clip.
  std::vector<double> areas_of_masks(const std::vector<double>& of_clip) const {
    std::vector<double> of_masks;
    for (std::int64_t mask = 0; mask < masks(); ++mask) {
      of_masks.push_back(of_clip[static_cast<std::size_t>(mask / settings % areas)]);
    }
    return of_masks;
  }
};

}  // namespace fep
