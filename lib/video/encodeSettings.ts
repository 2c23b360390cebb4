/** How frames become H.264. */
export interface EncodeSettings {
  frames: number;
  height: number;
  width: number;
  /** Frames per second. */
  fps: number;
  /** Constant rate factor of x264, 0 to 51; lower is better. */
  crf: number;
  /** How hard x264 works. */
  preset: 'ultrafast' | 'veryfast' | 'medium' | 'slow';
  pixelFormat: 'yuv420p' | 'yuv444p';
}

/** Frame rate as a fraction, exact to a thousandth. */
export function rational(fps: number): { num: number; den: number } {
  const ntsc = Math.round(fps * 1.001);
  if (Math.abs((ntsc * 1000) / 1001 - fps) < 1e-3 && Math.abs(Math.round(fps) - fps) > 1e-6)
    return { num: ntsc * 1000, den: 1001 };
  return Number.isInteger(fps) ? { num: fps, den: 1 } : { num: Math.round(fps * 1000), den: 1000 };
}

/**
 * Makes the same frames give the same bytes, together with one thread: x264's macroblock tree was seen to differ
 * from run to run on processors with AVX-512.
 */
export const REPEATABLE = 'mbtree=0';
