import type { Manifest } from '../manifest/manifest';

/** Updates of the fast schedule where nothing else is said. */
export const FAST_ITERATIONS = 120;

/** Free parameters of F-EP's preset on 16 frames of 112×112, where ε is the preset's. */
const PRESET_PARAMETERS = 16 * 9 * 9;

/**
 * How many times the preset's ε the fast schedule's is.
 *
 * The finer the grid of parameters, the less of the mask each of them rules and the smaller its gradient, so that the
 * published ε takes finer grids more iterations; the fast schedule's ε grows with the number of parameters instead.
 */
export function fastPace({ step, manifest }: { step: number; manifest: Manifest }): number {
  const { frames, height, width } = manifest.input;
  return (frames * Math.ceil(height / step) * Math.ceil(width / step)) / PRESET_PARAMETERS;
}
