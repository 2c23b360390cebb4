import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { BenchCallOptions, BenchResult } from '../../bench/bench';
import { FepError, messageOf } from '../../errors';
import { benchProgress } from '../benchProgress';
import { interruptSignal } from '../interrupt';
import { addDeviceOptions } from '../modelOptions';
import { type OutputOptions, printResult, say } from '../output';
import { integer, nameOrObject, names, number, numbers, shard } from '../values';

interface BenchFlags extends OutputOptions {
  config?: string;
  model?: string[];
  method?: string[];
  shard?: { index: number; of: number };
  skipErrors?: boolean;
  threads?: number;
  out: string;
  [option: string]: unknown;
}

const DEFAULT_OUT = 'fep-bench';

export function addBench(program: Command): void {
  const bench = program
    .command('bench')
    .description('compare methods on a data set: tables, deletion curves, time')
    .option('--config <file>', "the API's options as JSON; options below go before it")
    .option('--model <list>', 'TorchScript files or shipped models (default: r2plus1d-mini)', names)
    .option('--data <set>', 'synthetic, ucf101-24:PATH, epic-object:PATH, folder:PATH (default: synthetic)')
    .option(
      '--method <list>',
      'rows, each NAME or NAME@option=value:option=value (default: as in the paper)',
      names,
    )
    .option('--area <list>', 'area budgets, a table for each (default: 0.1)', numbers)
    .option('--iterations <n>', "updates of masks (default: each method's preset)", integer)
    .option('--step <pixels>', 'distance of control points', integer)
    .option('--sigma <pixels>', 'reach of a control point', number)
    .option('--split <name>', "the data set's part")
    .option('--classes <list>', 'only samples of these classes', names)
    .option('--limit <n>', 'only so many samples', integer)
    .option('--data-seed <n>', 'names the set of synthetic clips', integer)
    .option('--difficulty <name|json>', 'of synthetic clips: easy, standard, hard, or parts', nameOrObject)
    .option('--curve-steps <n>', 'of deletion and insertion, 0 for none (default: 64)', integer)
    .addOption(
      new Option('--removal <kind>', 'what replaces deleted voxels (default: blur)').choices([
        ...['blur', 'fade-black', 'fade-mean'],
      ]),
    )
    .option('--seed <n>', 'of random masks, ties and intervals (default: 0)', integer)
    .option('--shard <i/n>', 'do a part only; `bench merge` puts the parts together', shard)
    .option('--skip-errors', 'note what fails in errors.jsonl and go on')
    .option('--out <dir>', 'where results go, and an interrupted bench goes on', DEFAULT_OUT)
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress');
  addDeviceOptions(bench).addHelpText('after', EXAMPLES).action(runBench);
  addMerge(bench);
}

const EXAMPLES = `
Examples:
  fep-native bench --limit 20 --iterations 300 --out first-look
  fep-native bench --model r2plus1d-mini,tsm-mini --method ep,step,f-ep,ep@step=13:sigma=23 --area 0.05,0.1
  fep-native bench --shard 1/2 --out half-1     (and 2/2 on another machine, then)
  fep-native bench merge half-1 half-2 --out whole`;

function addMerge(bench: Command): void {
  bench
    .command('merge <folders...>')
    .description('put the shards of a bench together: the tables of a bench that was never divided')
    .option('--out <dir>', 'where the whole goes', DEFAULT_OUT)
    .option('--json', 'print one JSON object')
    .action(runMerge);
}

async function runMerge(folders: string[], _: unknown, command: Command): Promise<void> {
  const { mergeBenches } = await import('../../bench/merge.js');
  const { out, ...flags } = command.optsWithGlobals<BenchFlags>(); // `bench` has options of the same names
  printResult(await mergeBenches(folders, out), describe, flags);
}

async function runBench(flags: BenchFlags, command: Command): Promise<void> {
  const { bench } = await import('../../bench/bench.js');
  const signal = interruptSignal();
  const view = benchProgress(flags);
  try {
    const options = benchOptions(flags, command);
    const result = await bench({ ...options, signal, onProgress: view.update, onRemark: view.remark });
    view.stop();
    if (result.failed > 0) say(`${result.failed} of ${result.items} items failed.`, flags);
    printResult(result, describe, flags);
  } finally {
    view.stop();
  }
}

/** The file's options, and over them those of the command line; names and values are checked by `bench`. */
function benchOptions(
  { config, model, method, json: _, quiet: __, ...flags }: BenchFlags,
  command: Command,
): BenchCallOptions {
  const file = config === undefined ? {} : readOptions(config);
  const isDefault = (name: string) => command.getOptionValueSource(name) === 'default';
  const given = Object.entries({ models: model, methods: method, ...flags }).filter(
    ([name, value]) => value !== undefined && !(name in file && isDefault(name)),
  );
  return { ...file, ...Object.fromEntries(given) } as unknown as BenchCallOptions;
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

function describe({ out, items, computed, failed, files }: BenchResult): string {
  const failures = failed > 0 ? `, ${failed} failed` : '';
  const counts = `${items} items, ${computed} computed in this run${failures}.`;
  const table = files.find((file) => file.endsWith('.md'));
  return table ? `${counts}\n  look at  ${table}\n  all in   ${out}` : `${counts}\n  all in   ${out}`;
}
