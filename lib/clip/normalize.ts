import type { ModelInput } from '../model/manifest';

type Normalisation = Pick<ModelInput, 'mean' | 'std' | 'channelOrder'>;

/** Where channel c of the model lies in an RGB pixel. */
function pixelChannel(channelOrder: ModelInput['channelOrder'], channel: number): number {
  return channelOrder === 'RGB' ? channel : 2 - channel;
}

/**
 * What the model is given: (pixel/255 − mean) / std, in the model's channel order.
 *
 * @param rgb T×H×W×3 bytes
 * @returns C×T×H×W float32
 */
export function normalize(rgb: Uint8Array, { mean, std, channelOrder }: Normalisation): Float32Array {
  const voxels = rgb.length / 3;
  const out = new Float32Array(rgb.length);
  for (let c = 0; c < 3; c++) {
    const from = pixelChannel(channelOrder, c);
    const plane = out.subarray(c * voxels, (c + 1) * voxels);
    for (let i = 0; i < voxels; i++) plane[i] = (rgb[i * 3 + from]! / 255 - mean[c]!) / std[c]!;
  }
  return out;
}

/**
 * The pictures behind a normalised clip, rounded and clipped to bytes.
 *
 * @param data C×T×H×W
 * @returns T×H×W×3 RGB
 */
export function denormalize(
  data: Float32Array | Float64Array,
  { mean, std, channelOrder }: Normalisation,
): Uint8Array {
  const voxels = data.length / 3;
  const rgb = new Uint8ClampedArray(data.length);
  for (let c = 0; c < 3; c++) {
    const to = pixelChannel(channelOrder, c);
    for (let i = 0; i < voxels; i++) rgb[i * 3 + to] = (data[c * voxels + i]! * std[c]! + mean[c]!) * 255;
  }
  return new Uint8Array(rgb.buffer);
}
