import { totalmem } from 'node:os';
import { FepError } from '../errors/fepError';
import type { ModelInput } from '../manifest/manifest';

const BYTES_PER_VOXEL = 3 * 4;

/** A clip's own copies, its blurred versions and its gradients are many times as large as the clip. */
const LARGEST_SHARE = 1 / 8;

/**
 * A manifest with a digit too many must not make the system end this process, or another, for want of memory.
 *
 * @throws FepError `FEP_OUT_OF_MEMORY` when a clip alone takes a good part of this machine's memory
 */
export function checkRoom({ frames, height, width }: ModelInput): void {
  const bytes = BYTES_PER_VOXEL * frames * height * width;
  const limit = process.constrainedMemory(); // 0 or a huge number where there is none
  const memory = Math.min(totalmem(), limit > 0 ? limit : Number.POSITIVE_INFINITY);
  if (bytes <= LARGEST_SHARE * memory) return;
  const gigabytes = (size: number) => `${(size / 1e9).toFixed(1)} GB`;
  throw new FepError(
    'FEP_OUT_OF_MEMORY',
    `A clip of ${frames} frames of ${height}×${width} takes ${gigabytes(bytes)}, this machine has ${gigabytes(memory)}.`,
    { hint: "Check the manifest's frames, height and width (--frames, --size)." },
  );
}
