import type { Command } from 'commander';
import type { DatasetOptions } from '../datasets/options';
import type { DifficultyName } from '../datasets/synthetic';
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

/** Which part of a data set to take. */
export function addDatasetOptions(command: Command): Command {
  return command
    .option('--split <name>', 'part of the data set; default test, val or all, as it has them')
    .option('--classes <names>', 'only clips of these classes, separated by commas', names)
    .option('--seed <n>', 'of the synthetic set; default 2, which no shipped model was trained on', integer)
    .addOption(choice('--difficulty <name>', 'of the synthetic set', ['easy', 'standard', 'hard']))
    .option('--skip-errors', 'leave out samples that cannot be used');
}

/** The flags as `openDataset` takes them. */
export function datasetOptions({
  split,
  classes,
  seed,
  difficulty,
  skipErrors,
}: DatasetFlags): DatasetOptions {
  return { split, classes, seed, difficulty, skipErrors };
}
