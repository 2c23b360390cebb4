import type { PictureOptions } from '../../binding';
import type { ModelInput } from '../manifest/manifest';

/** Pixels are in [0, 1] if no range is given. */
type Normalisation = Pick<ModelInput, 'mean' | 'std' | 'channelOrder'> &
  Partial<Pick<ModelInput, 'pixelRange'>>;

/** Position of the model's channel c in an RGB pixel. */
function pixelChannel(channelOrder: ModelInput['channelOrder'], channel: number): number {
  return channelOrder === 'RGB' ? channel : 2 - channel;
}

/**
 * The model's input: pixels scaled to the range (low is black, high is white), minus the mean, divided by the
 * standard deviation, in the model's channel order.
 *
 * @param rgb T×H×W×3 bytes
 * @returns C×T×H×W float32
 */
export function normalize(
  rgb: Uint8Array,
  { pixelRange: [low, high] = [0, 1], mean, std, channelOrder }: Normalisation,
): Float32Array {
  const voxels = rgb.length / 3;
  const out = new Float32Array(rgb.length);
  for (let c = 0; c < 3; c++) {
    const from = pixelChannel(channelOrder, c);
    const plane = out.subarray(c * voxels, (c + 1) * voxels);
    for (let i = 0; i < voxels; i++) {
      const pixel = (rgb[i * 3 + from]! * (high - low)) / 255 + low;
      plane[i] = (pixel - mean[c]!) / std[c]!;
    }
  }
  return out;
}

/** The same as `denormalize` does it, as the addon takes it: byte = value·scale + offset, of each of the model's channels. */
export function pictureOptions({
  pixelRange: [low, high] = [0, 1],
  mean,
  std,
  channelOrder,
}: Normalisation): PictureOptions {
  const unit = 255 / (high - low);
  return {
    scale: [std[0] * unit, std[1] * unit, std[2] * unit],
    offset: [(mean[0] - low) * unit, (mean[1] - low) * unit, (mean[2] - low) * unit],
    isBgr: channelOrder === 'BGR',
  };
}

/**
 * The pictures of a normalised clip, rounded and clipped to bytes.
 *
 * @param data C×T×H×W
 * @returns T×H×W×3 RGB
 */
export function denormalize(
  data: Float32Array | Float64Array,
  { pixelRange: [low, high] = [0, 1], mean, std, channelOrder }: Normalisation,
): Uint8Array {
  const voxels = data.length / 3;
  const rgb = new Uint8ClampedArray(data.length);
  for (let c = 0; c < 3; c++) {
    const to = pixelChannel(channelOrder, c);
    for (let i = 0; i < voxels; i++) {
      const pixel = data[c * voxels + i]! * std[c]! + mean[c]!;
      rgb[i * 3 + to] = ((pixel - low) / (high - low)) * 255;
    }
  }
  return new Uint8Array(rgb.buffer);
}
