import { basename } from 'node:path';
import type { Command } from 'commander';
import type { SetDifficulty } from '../datasets/options';
import type { AnnotatedClip } from '../datasets/types';
import { FepError } from '../errors/fepError';
import type { ModelInput } from '../manifest/manifest';
import { integer, nameOrObject } from './values';

/** Values of the options that `addSubjectOptions` adds. */
export interface SubjectFlags {
  data?: string;
  sample?: string;
  split?: string;
  dataSeed?: number;
  difficulty?: SetDifficulty;
  start?: number;
  end?: number;
  framesPattern?: string;
}

/** A clip, and what is known about it. */
export interface Subject extends AnnotatedClip {
  name: string;
  /** The true class, of a data set's sample. */
  label: string | null;
}

/** A data set's sample in place of a clip. */
export function addSubjectOptions(command: Command): Command {
  return command
    .option('--data <set>', "instead of a clip: a data set's sample, whose boxes are then drawn and counted")
    .option('--sample <id>', 'which one (default: the first)')
    .option('--split <name>', "the data set's part")
    .option('--data-seed <n>', 'names the set of synthetic clips', integer)
    .option('--difficulty <name|json>', 'of synthetic clips: easy, standard, hard, or parts', nameOrObject);
}

/** Which part of a clip to look at. */
export function addRangeOptions(command: Command): Command {
  return command
    .option('--start <frame>', 'first frame of the part to look at', integer)
    .option('--end <frame>', 'first frame after that part', integer);
}

/** Which pictures of a folder are the clip. */
export function addFolderOptions(command: Command): Command {
  return command.option('--frames-pattern <glob>', "of a folder's pictures, those to read: 'img_*.jpg'");
}

/**
 * Reads the clip, or the data set's sample with its boxes.
 *
 * @throws FepError `FEP_USAGE` when there is neither or both; what reading throws
 */
export async function readSubject(
  path: string | undefined,
  flags: SubjectFlags,
  input: ModelInput,
  signal: AbortSignal,
): Promise<Subject> {
  const { data, sample, split, dataSeed: seed, difficulty, start, end, framesPattern } = flags;
  if ((path === undefined) === (data === undefined)) {
    throw new FepError('FEP_USAGE', 'There must be one clip, or one sample of a data set.', {
      hint: 'Give the path of a clip, or --data SPEC --sample ID.',
    });
  }
  if (data !== undefined && framesPattern !== undefined) {
    throw new FepError(
      'FEP_USAGE',
      'A data set knows its frames: --frames-pattern is for a folder of pictures.',
      {
        hint: 'Leave it out, or give the path of the folder instead of --data.',
      },
    );
  }
  if (data !== undefined && (start !== undefined || end !== undefined)) {
    throw new FepError(
      'FEP_USAGE',
      'A sample has its own part of a video: --start and --end are for a clip.',
      {
        hint: 'Leave them out, or give the path of the video instead of --data.',
      },
    );
  }
  if (path !== undefined) {
    const { readClip } = await import('../clip/readClip.js');
    const range = { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
    const clip = await readClip(path, input, { signal, framesPattern, ...range });
    return { clip, boxes: null, name: basename(path), label: null };
  }
  const { findSample } = await import('../datasets/findSample.js');
  const found = await findSample(data!, sample, { split, seed, difficulty, signal });
  return {
    ...(await found.read(input, { signal })),
    name: `${found.id} (${found.label})`,
    label: found.label,
  };
}
