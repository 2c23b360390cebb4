import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FepError } from '../../errors/fepError';
import type { CheckedOptions } from '../options';
import type { ProblemLog } from '../problems';

/** The name of a video in the lists and annotations. */
export interface VideoName {
  /** The class. */
  label: string;
  /** File name without extension. */
  video: string;
}

/** `Class/video` or `Class/video.avi`, optionally followed by a number. */
const LINE = /^([A-Za-z]+)\/([A-Za-z0-9_-]+)(?:\.\w+)?(?:\s+\d+)?$/;

export function parseName(text: string): VideoName | undefined {
  const [, label, video] = LINE.exec(text) ?? [];
  return label && video ? { label, video } : undefined;
}

/** Reads a split list; invalid lines are logged. */
export async function readSplitList(path: string, log: ProblemLog): Promise<VideoName[]> {
  const lines = (await readFile(path, 'utf8')).split(/\r?\n/);
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    const name = parseName(line.trim());
    if (!name) log.add(`${basename(path)} line ${i + 1}`, `expected Class/video, got ${line.trim()}`);
    return name ?? [];
  });
}

/**
 * The file name of a split: `test` and `train` are lists 01, `test02` and so on the others.
 *
 * @throws FepError `FEP_USAGE` for any other name
 */
export function listName(split: NonNullable<CheckedOptions['split']>): string {
  const [, which, number = '01'] = /^(test|train)(0\d)?$/.exec(split) ?? [];
  if (which) return `${which}list${number}.txt`;
  throw new FepError('FEP_USAGE', `UCF101-24 has no split ${split}.`, {
    hint: 'Its splits are test, train (list 01), test02, train02, test03, train03 and all.',
  });
}
