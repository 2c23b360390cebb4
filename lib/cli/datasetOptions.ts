import type { Command } from 'commander';
import type { DatasetOptions } from '../datasets/options';
import { DIFFICULTY_NAMES, type DifficultyName } from '../datasets/synthetic/options';
import { choice } from './choices';
import { integer, names } from './values';

/** Values of the options that `addDatasetOptions` adds. */
export interface DatasetFlags {
  split?: string;
  classes?: string[];
  seed?: number;
  difficulty?: DifficultyName;
  skipErrors?: boolean;
}

/** Adds the options that select the samples of a data set. */
export function addDatasetOptions(command: Command): Command {
  return command
    .option('--split <name>', 'split of the data set (default: test, val or all, depending on the data set)')
    .option('--classes <names>', 'only clips of these classes, separated by commas', names)
    .option(
      '--seed <n>',
      'seed of the synthetic set (default: 2, which no shipped model was trained on)',
      integer,
    )
    .addOption(choice('--difficulty <name>', 'difficulty of the synthetic set', DIFFICULTY_NAMES))
    .option('--skip-errors', 'skip samples that cannot be used');
}

/** The flags as options of `openDataset`. */
export function datasetOptions({
  split,
  classes,
  seed,
  difficulty,
  skipErrors,
}: DatasetFlags): DatasetOptions {
  return { split, classes, seed, difficulty, skipErrors };
}
