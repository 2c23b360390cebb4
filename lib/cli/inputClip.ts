import { basename } from 'node:path';
import type { Command } from 'commander';
import { parseViews, VIEWS_AVERAGES, type Views, type ViewsAverage } from '../clip/views';
import type { SetDifficulty } from '../datasets/options';
import type { AnnotatedClip } from '../datasets/types';
import { FepError } from '../errors/fepError';
import type { ModelInput } from '../manifest/manifest';
import { choice } from './choices';
import { integer, nameOrObject } from './values';

/** Values of the options that `addSampleOptions` adds. */
export interface InputClipFlags {
  data?: string;
  sample?: string;
  split?: string;
  dataSeed?: number;
  difficulty?: SetDifficulty;
  start?: number;
  end?: number;
  framesPattern?: string;
  views?: string;
}

/** A clip given by a path or as a data set's sample, with its name, boxes and label if known. */
export interface InputClip extends AnnotatedClip {
  name: string;
  /** The true class of a data set's sample; null for a path. */
  label: string | null;
}

/** Adds the options that select a data set's sample instead of a clip. */
export function addSampleOptions(command: Command): Command {
  return command
    .option('--data <set>', 'a data set whose sample replaces the clip; its boxes are drawn and scored')
    .option('--sample <id>', 'id of the sample (default: the first)')
    .option('--split <name>', 'split of the data set')
    .option('--data-seed <n>', 'seed of the set of synthetic clips', integer)
    .option(
      '--difficulty <name|json>',
      'difficulty of synthetic clips: easy, standard, hard, brief, or an object',
      nameOrObject,
    );
}

/** Adds the options that select a range of a clip's frames. */
export function addRangeOptions(command: Command): Command {
  return command
    .option('--start <frame>', 'first frame of the range to explain', integer)
    .option('--end <frame>', 'first frame after that range', integer);
}

/** Adds the option that selects the pictures of a folder. */
export function addFolderOptions(command: Command): Command {
  return command.option('--frames-pattern <glob>', "which pictures of a folder to read, e.g. 'img_*.jpg'");
}

/** Adds the options of several views of a clip. */
export function addViewsOptions(command: Command): Command {
  return command
    .option(
      '--views <n>',
      'explain the average over several views: 4 (temporal clips), or 4x3 (3 crops of each) (default: 1)',
    )
    .addOption(choice('--views-average <kind>', 'what is averaged (default: prob)', VIEWS_AVERAGES));
}

/** Values of the options that `addViewsOptions` adds. */
export interface ViewsFlags {
  views?: string;
  viewsAverage?: ViewsAverage;
}

/** @throws FepError `FEP_USAGE` when the views cannot be read, or nothing is to be averaged in that way */
export function checkViewsFlags({ views, viewsAverage }: ViewsFlags): void {
  parseViews(views);
  if (viewsAverage === undefined || views !== undefined) return;
  throw new FepError('FEP_USAGE', '--views-average says how several views are averaged, and there is one.', {
    hint: 'Add --views, for example --views 4x3, or leave --views-average out.',
  });
}

/**
 * Reads the clip, or the data set's sample with its boxes.
 *
 * @throws FepError `FEP_USAGE` when neither or both are given, and whatever reading throws
 */
export async function readInputClip(
  path: string | undefined,
  flags: InputClipFlags,
  input: ModelInput,
  signal: AbortSignal,
): Promise<InputClip> {
  const { data, sample, split, dataSeed: seed, difficulty, start, end, framesPattern, views } = flags;
  if ((path === undefined) === (data === undefined)) {
    throw new FepError('FEP_USAGE', 'Give either a clip or a sample of a data set.', {
      hint: 'Give the path of a clip, or --data SPEC --sample ID.',
    });
  }
  if (data !== undefined && framesPattern !== undefined) {
    throw new FepError('FEP_USAGE', '--frames-pattern is for a folder of pictures, not for a data set.', {
      hint: 'Leave it out, or give the path of the folder instead of --data.',
    });
  }
  if (data !== undefined && views !== undefined) {
    throw new FepError('FEP_USAGE', '--views is for a clip; a sample is read as one input of the model.', {
      hint: 'Leave it out, or give the path of the video instead of --data.',
    });
  }
  if (data !== undefined && (start !== undefined || end !== undefined)) {
    throw new FepError('FEP_USAGE', '--start and --end are for a clip; a sample already has its own range.', {
      hint: 'Leave them out, or give the path of the video instead of --data.',
    });
  }
  if (path !== undefined) {
    const { readClip } = await import('../clip/readClip.js');
    const range = { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
    const clip = await readClip(path, input, {
      signal,
      framesPattern,
      ...range,
      views: views as Views | undefined,
    });
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
