/** H.264 encoder settings. */
export interface EncodeSettings {
  frames: number;
  height: number;
  width: number;
  /** Frames per second. */
  fps: number;
  /** Constant rate factor of x264, 0 to 51; lower is better. */
  crf: number;
  /** Effort of x264. */
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
 * x264 option that, with one thread, makes the output deterministic: its macroblock tree was observed to differ
 * between runs on processors with AVX-512.
 */
export const DETERMINISTIC_X264 = 'mbtree=0';
