import { Random } from '../numbers/random';

/**
 * The voxels of a clip from the highest mask value to the lowest, over all frames jointly.
 *
 * Equal voxels come in a random order that the seed decides. In the order in which they lie in memory, the first
 * frames and the upper rows would always lead, and a constant mask would rank them as if it had a reason.
 *
 * @param mask T×H×W in [0, 1]
 * @returns T·H·W indices
 */
export function rankVoxels(mask: Float32Array, seed: number): Uint32Array {
  const order = Uint32Array.from(mask.keys());
  new Random(seed).shuffle(order);
  return order.sort((a, b) => mask[b]! - mask[a]!);
}
