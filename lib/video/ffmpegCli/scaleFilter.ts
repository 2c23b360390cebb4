/** Position of chroma samples relative to luma samples, in 256ths of the distance to the next: across, down. */
const LOCATIONS: Record<string, readonly [number, number]> = {
  left: [0, 128],
  center: [128, 128],
  topleft: [0, 0],
  top: [128, 0],
  bottomleft: [0, 256],
  bottom: [128, 256],
};

/** How many times chroma is halved, across and down, by a substring of the pixel format's name. */
const SUBSAMPLING: readonly (readonly [RegExp, number, number])[] = [
  [/420|nv12|nv21|p01\d/, 1, 1],
  [/422|nv16|nv20|p21\d|y21\d/, 1, 0],
  [/411/, 2, 0],
  [/410/, 2, 2],
  [/440/, 0, 1],
];

/**
 * The filter that makes ffmpeg respect the stream's chroma location, as node-av does for each frame; before version
 * 7.1, ffmpeg assumes centred chroma.
 *
 * @returns undefined if the stream does not specify it, or chroma is not subsampled
 */
export function scaleFilter(pixelFormat: string, chromaLocation: string): string | undefined {
  const location = LOCATIONS[chromaLocation];
  const subsampling = SUBSAMPLING.find(([name]) => name.test(pixelFormat));
  if (!location || !subsampling) return undefined;
  const [, across, down] = subsampling;
  const positions: string[] = [];
  if (across) positions.push(`in_h_chr_pos=${location[0] * (2 ** across - 1)}`);
  if (down) positions.push(`in_v_chr_pos=${location[1] * (2 ** down - 1)}`);
  return `scale=${positions.join(':')}`;
}
