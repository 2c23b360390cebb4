import type { SampleOrigin } from '../clip/origin';
import { readClip } from '../clip/readClip';
import type { Clip } from '../clip/types';
import { findSample } from '../datasets/findSample';
import type { DatasetOptions } from '../datasets/options';
import { FepError, type FepErrorCode } from '../errors/fepError';
import { sha256OfArray } from '../files/sha256';
import type { ModelInput } from '../manifest/manifest';
import { defined } from '../options/defined';
import type { ReproduceOptions } from './options';
import type { SavedResult } from './resultFile';

type Where = Pick<ReproduceOptions, 'clip' | 'data' | 'signal'>;

/**
 * The clip of a result: the file, or the data set's sample, where it was or where it is said to be now.
 *
 * @throws FepError `FEP_USAGE` when it is not the clip that the result was made of, or both places are given; as
 *   `readClip`, `openDataset`
 */
export async function readAgain(saved: SavedResult, where: Where): Promise<Clip> {
  const { clip: path, data, signal } = where;
  const { sample, range, framesPattern, source } = saved.clip;
  if (data !== undefined && !sample)
    throw new FepError('FEP_USAGE', `The result is of the clip ${source}, of no data set's sample.`, {
      hint: 'Say where the clip is now: --clip PATH.',
    });
  if (data !== undefined && path !== undefined)
    throw new FepError('FEP_USAGE', 'The clip is said to be in two places.', {
      hint: 'Give --data or --clip.',
    });
  const { views } = saved;
  const { input } = saved.model;
  const clip =
    sample && path === undefined
      ? await readSample(sample, input, where)
      : await orSayWhere('--clip PATH', path, () =>
          readClip(path ?? source, input, {
            ...defined(range ?? {}),
            framesPattern,
            signal,
            views: views && `${views.clips}x${views.crops}`,
          }),
        );
  requireSame('clip', saved.sha256.data, sha256OfArray(clip.data), sample ? 'data' : 'clip');
  return clip;
}

async function readSample(
  { data: then, id, label: _, ...part }: SampleOrigin,
  input: ModelInput,
  { data, signal }: Where,
): Promise<Clip> {
  const [kind] = then.split(':');
  const sample = await orSayWhere(`--data ${kind}:PATH`, data, () =>
    findSample(data ?? then, id, { ...(part as DatasetOptions), signal }),
  );
  return (await sample.read(input, { signal })).clip;
}

/** Codes that say: there is nothing at that place. */
const NOWHERE: readonly FepErrorCode[] = ['FEP_CLIP_NOT_FOUND', 'FEP_IO'];

/** What is not where it was can be anywhere: then the hint is the option that says where. */
async function orSayWhere<T>(option: string, given: string | undefined, find: () => Promise<T>): Promise<T> {
  return find().catch((cause: unknown) => {
    if (given !== undefined || !(cause instanceof FepError) || !NOWHERE.includes(cause.code)) throw cause;
    throw new FepError(cause.code, cause.message, { hint: `Say where it is now: ${option}.`, cause });
  });
}

/** @throws FepError `FEP_USAGE` when two hashes differ */
export function requireSame(
  what: 'model' | 'clip',
  then: string,
  now: string,
  option: keyof ReproduceOptions = what,
): void {
  if (then === now) return;
  throw new FepError(
    'FEP_USAGE',
    `The ${what} is not the one of the result: SHA-256 ${now.slice(0, 12)}…, then ${then.slice(0, 12)}….`,
    { hint: `Name the right one with --${option}.` },
  );
}
