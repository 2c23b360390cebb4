import type { EncodeSettings } from './encodeSettings';

/** Pads frames to even sides: an odd side grows by one, repeating its last row or column. */
export function evenFrames(
  frames: Uint8Array,
  settings: EncodeSettings,
): { data: Uint8Array; settings: EncodeSettings } {
  const { height, width } = settings;
  const [evenHeight, evenWidth] = [height + (height % 2), width + (width % 2)];
  if (evenHeight === height && evenWidth === width) return { data: frames, settings };
  const data = new Uint8Array(settings.frames * evenHeight * evenWidth * 3);
  let to = 0;
  for (let t = 0; t < settings.frames; t++)
    for (let y = 0; y < evenHeight; y++) {
      const from = (t * height + Math.min(y, height - 1)) * width * 3;
      data.set(frames.subarray(from, from + width * 3), to);
      if (evenWidth > width) data.copyWithin(to + width * 3, to + (width - 1) * 3, to + width * 3);
      to += evenWidth * 3;
    }
  return { data, settings: { ...settings, height: evenHeight, width: evenWidth } };
}
