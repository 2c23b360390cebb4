import { resolve } from 'node:path';
import { FepError } from '../../errors/fepError';
import { type ReadOptions, throwIfAborted } from '../../frames/readOptions';
import { JobControl } from './jobControl';
import { runJob } from './pool';

/** Reads a video's rate with node-av, on a worker thread. @throws NodeAvUnavailable, or FepError as `videoRate` */
export async function rateOnWorker(path: string, { signal }: ReadOptions): Promise<number | undefined> {
  throwIfAborted(signal);
  const answer = await runJob({ kind: 'rate', path: resolve(path) }, new JobControl());
  throwIfAborted(signal);
  if (answer.kind === 'rate') return answer.fps;
  throw new FepError('FEP_INTERNAL', `The video thread said ${answer.kind}.`);
}
