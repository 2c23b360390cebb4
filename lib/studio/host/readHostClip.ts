import { readClip } from '../../clip/readClip';
import { findSample } from '../../datasets/findSample';
import type { AnnotatedClip } from '../../datasets/types';
import type { ModelInput } from '../../manifest/manifest';
import { defined } from '../../options/defined';
import { Remembered } from '../remembered';
import type { HostClip } from './messages';

/** The last clips stay in memory, so that asking again does not decode again. */
const last = new Remembered<AnnotatedClip>(3);

/** Reads a clip, or takes it from the last ones. */
export function readHostClip(clip: HostClip, input: ModelInput): Promise<AnnotatedClip> {
  return last.get(JSON.stringify(clip), () => read(clip, input));
}

async function read({ where, start, end }: HostClip, input: ModelInput): Promise<AnnotatedClip> {
  if ('path' in where)
    return { clip: await readClip(where.path, input, defined({ start, end })), boxes: null };
  const sample = await findSample(where.data, where.sample, {});
  return sample.read(input, {});
}
