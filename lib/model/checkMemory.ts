import { totalmem } from 'node:os';
import { FepError } from '../errors/fepError';
import type { ModelInput } from '../manifest/manifest';

const BYTES_PER_VOXEL = 3 * 4;

/** A clip's copies, blurred versions and gradients take many times the clip's own size. */
const LARGEST_SHARE = 1 / 8;

/**
 * Refuses a clip size that cannot fit, e.g. from a typo in the manifest, before the system runs out of memory.
 *
 * @throws FepError `FEP_OUT_OF_MEMORY` when one clip takes more than an eighth of this machine's memory
 */
export function checkMemory({ frames, height, width }: ModelInput): void {
  const bytes = BYTES_PER_VOXEL * frames * height * width;
  const limit = process.constrainedMemory(); // 0 or a huge number when there is no limit
  const memory = Math.min(totalmem(), limit > 0 ? limit : Number.POSITIVE_INFINITY);
  if (bytes <= LARGEST_SHARE * memory) return;
  const gigabytes = (size: number) => `${(size / 1e9).toFixed(1)} GB`;
  throw new FepError(
    'FEP_OUT_OF_MEMORY',
    `A clip of ${frames} frames of ${height}×${width} takes ${gigabytes(bytes)}, this machine has ${gigabytes(memory)}.`,
    { hint: "Check the manifest's frames, height and width (--frames, --size)." },
  );
}
