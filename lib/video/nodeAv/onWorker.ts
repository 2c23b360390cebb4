import { resolve } from 'node:path';
import { FepError } from '../../errors/fepError';
import type { SourceSummary, TakePicture } from '../../frames/picture';
import { abortedError, type ReadOptions, throwIfAborted } from '../../frames/readOptions';
import type { Selection } from '../../frames/sampling';
import type { EncodeSettings } from '../encodeSettings';
import { JobControl } from './jobControl';
import { runJob } from './pool';

/**
 * Decodes the selected frames of a video with node-av, on a worker thread.
 *
 * @throws NodeAvUnavailable, or FepError as `decodeVideo`
 */
export async function decodeOnWorker(
  path: string,
  selection: Selection,
  take: TakePicture,
  { signal }: ReadOptions,
): Promise<SourceSummary> {
  const control = new JobControl();
  const stop = () => control.stop();
  const taking: Promise<void>[] = [];
  const failures: unknown[] = [];
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    const answer = await runJob({ kind: 'decode', path: resolve(path), selection }, control, (frame) => {
      const taken = Promise.resolve()
        .then(() => (failures.length > 0 ? undefined : take(frame.picture, frame.index)))
        .catch((error: unknown) => {
          failures.push(error);
          stop();
        })
        .finally(() => control.take());
      taking.push(taken);
    });
    await Promise.all(taking);
    if (failures.length > 0) throw failures[0];
    if (answer.kind !== 'decoded')
      throw new FepError('FEP_INTERNAL', `The video thread unexpectedly answered ${answer.kind}.`);
    return answer.summary;
  } catch (error) {
    if (failures.length > 0) throw failures[0];
    throw signal?.aborted ? abortedError(signal) : error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * Reads a video's frame rate with node-av, on a worker thread.
 *
 * @throws NodeAvUnavailable, or FepError as `videoRate`
 */
export async function rateOnWorker(path: string, { signal }: ReadOptions): Promise<number | undefined> {
  throwIfAborted(signal);
  const answer = await runJob({ kind: 'rate', path: resolve(path) }, new JobControl());
  throwIfAborted(signal);
  if (answer.kind === 'rate') return answer.fps;
  throw new FepError('FEP_INTERNAL', `The video thread unexpectedly answered ${answer.kind}.`);
}

/**
 * Encodes with node-av, on a worker thread.
 *
 * @throws NodeAvUnavailable, or FepError `FEP_IO`
 */
export async function encodeOnWorker(
  path: string,
  frames: Uint8Array,
  settings: EncodeSettings,
): Promise<void> {
  await runJob({ kind: 'encode', path: resolve(path), frames, settings }, new JobControl());
}
