/** How much of the frame a mask T×H×W keeps: its mean, and the share of voxels where it is at least 0.5. */
export function realisedAreas(mask: Float32Array): { realisedArea: number; realisedAreaAtHalf: number } {
  return {
    realisedArea: mask.reduce((sum, m) => sum + m, 0) / mask.length,
    realisedAreaAtHalf: mask.reduce((count, m) => count + (m >= 0.5 ? 1 : 0), 0) / mask.length,
  };
}
