import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { DATASET_SPEC_LIST } from '../datasets/kinds';
import { FepError, messageOf } from '../errors/fepError';
import { PERTURBATIONS } from '../methods/perturbation';
import { choice } from './choices';
import { flagOf } from './flagOf';
import { addDeviceOptions } from './modelOptions';
import type { OutputOptions } from './output';
import { howMany, integer, type MethodRows, nameOrObject, names, numbers } from './values';

/** Values of the options that `addBenchOptions` adds. */
export interface BenchFlags extends OutputOptions {
  config?: string;
  model?: string[];
  method?: MethodRows;
  out: string;
  [option: string]: unknown;
}

/** What `bench` and `ablate` have in common: models, data, masks, metrics, and where results go. */
export function addBenchOptions(command: Command, out: string): Command {
  command
    .option('--config <file>', "the API's options as JSON; options of the command line go before them")
    .option('--model <list>', 'TorchScript files or shipped models (default: r2plus1d-mini)', names)
    .option('--data <set>', `${DATASET_SPEC_LIST} (default: synthetic)`)
    .addOption(flagOf('area', { help: 'area budgets, a table for each (default: 0.1)', read: numbers }))
    .addOption(flagOf('preset'))
    .addOption(flagOf('iterations'))
    .addOption(flagOf('step'))
    .addOption(flagOf('sigma'))
    .addOption(flagOf('areaOver'))
    .option('--split <name>', "the data set's part")
    .option('--classes <list>', 'only samples of these classes', names)
    .option('--limit <n>', 'only so many samples', integer)
    .option('--data-seed <n>', 'names the set of synthetic clips', integer)
    .option(
      '--difficulty <name|json>',
      'of synthetic clips: easy, standard, hard (default), brief, or parts',
      nameOrObject,
    )
    .option('--batch <n>', 'clips that are explained side by side, to keep a GPU busy (default: 1)', integer)
    .addOption(flagOf('cudaGraph'))
    .option('--curve-steps <n>', 'of deletion and insertion, 0 for none (default: 64)', integer)
    .addOption(choice('--removal <kind>', 'what replaces deleted voxels (default: blur)', PERTURBATIONS))
    .option('--seed <n>', 'of random masks, ties and intervals (default: 0)', integer)
    .option(
      '--keep-clips <n|all|none>',
      'clips to look at by one click: n with most disagreement, n worst, n best (default: 4), or all; 300 kB a mask',
      howMany,
    )
    .option('--skip-errors', 'note what fails in errors.jsonl and go on')
    .option('--out <dir>', 'where results go, and an interrupted run goes on', out)
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress');
  return addDeviceOptions(command);
}

/** The file's options, and over them those of the command line, under the API's names; unchecked. */
export function benchOptions(
  { config, model, method, json: _, quiet: __, ...flags }: BenchFlags,
  command: Command,
): Record<string, unknown> {
  const file = config === undefined ? {} : readOptions(config);
  const isDefault = (name: string) => command.getOptionValueSource(name) === 'default';
  const given = Object.entries({ models: model, methods: method, ...flags }).filter(
    ([name, value]) => value !== undefined && !(name in file && isDefault(name)),
  );
  return { ...file, ...Object.fromEntries(given) };
}

/** @throws FepError `FEP_USAGE` when the file cannot be read or holds no object */
function readOptions(file: string): object {
  try {
    const options: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options;
    throw new Error('it is not an object');
  } catch (error) {
    throw new FepError('FEP_USAGE', `The options in ${file} cannot be read: ${messageOf(error)}`, {
      cause: error,
      hint: 'Give one JSON object, e.g. {"methods": ["ep", "f-ep"], "area": [0.05, 0.1]}.',
    });
  }
}
