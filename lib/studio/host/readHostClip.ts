import { readClip } from '../../clip/readClip';
import { findSample } from '../../datasets/findSample';
import type { AnnotatedClip } from '../../datasets/types';
import type { ModelInput } from '../../manifest/manifest';
import { defined } from '../../options/defined';
import type { HostClip } from './messages';

/** Clips that stay in memory, so that asking again does not decode again. */
const KEPT = 3;
const kept = new Map<string, Promise<AnnotatedClip>>();

/** Reads a clip, or takes it from the last ones. */
export function readHostClip(clip: HostClip, input: ModelInput): Promise<AnnotatedClip> {
  const key = JSON.stringify(clip);
  const known = kept.get(key);
  if (known) return known;
  const reading = read(clip, input);
  kept.set(key, reading);
  reading.catch(() => kept.delete(key));
  if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
  return reading;
}

async function read({ where, start, end }: HostClip, input: ModelInput): Promise<AnnotatedClip> {
  if ('path' in where)
    return { clip: await readClip(where.path, input, defined({ start, end })), boxes: null };
  const sample = await findSample(where.data, where.sample, {});
  return sample.read(input, {});
}
