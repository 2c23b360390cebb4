import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FepError } from '../../errors/fepError';
import { writeAtomically } from '../../files/atomicFile';
import { writeNpy } from '../../files/npy';
import { writeVideo } from '../../video/writeVideo';
import type { SyntheticRange } from './stream';
import { type SyntheticClip, synthesize } from './synthesize';

/** `mp4`: nearly lossless video; `npy`: T×H×W×3 bytes. */
export type DatasetFormat = 'mp4' | 'npy';

export type WriteDatasetOptions = SyntheticRange & {
  format?: DatasetFormat;
  /** Frames per second of the videos; default 8, so sixteen frames take two seconds. */
  fps?: number;
  signal?: AbortSignal;
  /** Called after each clip with the number written. */
  onClip?: (done: number) => void;
};

/** CRF of x264: differences of at most one or two grey levels. */
const NEARLY_LOSSLESS = 1;

/**
 * Generates clips into `<folder>/clips` and writes `<folder>/manifest.json` in the format of the folder data set:
 * `{clips: [{path, label, boxes: [{x, y, width, height} | null, …]}]}`, one box per frame in pixels of the clip.
 * The manifest is written last, so a folder with a manifest is complete.
 *
 * @throws FepError `FEP_USAGE` for invalid options, `FEP_IO`, `FEP_ABORTED`
 */
export async function writeDataset(
  folder: string,
  { format = 'mp4', fps = 8, signal, onClip, start = 0, count, ...options }: WriteDatasetOptions,
): Promise<{ clips: number; manifest: string }> {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new FepError('FEP_USAGE', `The number of clips must be at least 1, got ${count}.`);
  }
  const entries: object[] = [];
  await mkdir(join(folder, 'clips'), { recursive: true });
  for (let index = start; index < start + count; ++index) {
    if (signal?.aborted)
      throw new FepError('FEP_ABORTED', 'Writing the data set was stopped.', { cause: signal.reason });
    const clip = synthesize({ ...options, index });
    const path = join('clips', `${String(index).padStart(6, '0')}-${clip.className}.${format}`);
    await writeClip(join(folder, path), clip, format, fps);
    entries.push({ path, label: clip.className, boxes: clip.boxes });
    onClip?.(index - start + 1);
  }
  const manifest = join(folder, 'manifest.json');
  const json = `${JSON.stringify({ generator: { ...options, start, count }, clips: entries }, null, 1)}\n`;
  await writeAtomically(manifest, (temporary) => writeFile(temporary, json));
  return { clips: entries.length, manifest };
}

function writeClip(
  path: string,
  { rgb, frames, height, width }: SyntheticClip,
  format: DatasetFormat,
  fps: number,
) {
  if (format === 'npy') return writeNpy(path, { data: rgb, shape: [frames, height, width, 3] });
  return writeVideo(path, rgb, { height, width, fps, crf: NEARLY_LOSSLESS });
}
