import { resolve } from 'node:path';
import type { EncodeSettings } from '../encodeSettings';
import { JobControl } from './jobControl';
import { runJob } from './pool';

/** Encodes with node-av, on a worker thread. @throws NodeAvUnavailable, or FepError `FEP_IO` */
export async function encodeOnWorker(
  path: string,
  frames: Uint8Array,
  settings: EncodeSettings,
): Promise<void> {
  await runJob({ kind: 'encode', path: resolve(path), frames, settings }, new JobControl());
}
