import type { Command } from 'commander';
import type { BenchCallOptions, BenchResult } from '../../bench/settings/types';
import { isRetryable } from '../../errors/retryable';
import { addBenchOptions, type BenchFlags, benchOptions } from '../benchOptions';
import { benchProgress } from '../benchProgress';
import { during } from '../during';
import { examples } from '../examples';
import { EXIT } from '../exitCodes';
import { interruptSignal } from '../interrupt';
import { printResult, say } from '../output';
import { rows, shard } from '../values';

const DEFAULT_OUT = 'fep-bench';

export function addBench(program: Command): void {
  const bench = program
    .command('bench')
    .description('compare methods on a data set: tables, deletion curves, time')
    .option(
      '--method <list>',
      'rows, each NAME or NAME@option=value:option=value (default: as in the paper)',
      rows,
    )
    .option(
      '--shard <i/n>',
      'do a part only, auto/n as a job array says; `bench merge` puts the parts together',
      shard,
    )
    .option('--queue <url>', 'leave the computing to the workers of a Redis or Valkey: redis://host:6379/0');
  addBenchOptions(bench, DEFAULT_OUT).addHelpText('after', EXAMPLES).action(runBench);
  addMerge(bench);
}

const EXAMPLES = `
Examples:
  fep-native bench --limit 20 --iterations 300 --out first-look
  fep-native bench --model r2plus1d-mini,tsm-mini --method ep,step,f-ep,ep@step=13:sigma=23 --area 0.05,0.1
  fep-native bench --shard 1/2 --out half-1     (and 2/2 on another machine, then)
  fep-native bench merge half-1 half-2 --out whole
  fep-native bench --queue redis://head:6379/0  (and anywhere: fep-native worker --queue redis://head:6379/0)`;

function addMerge(bench: Command): void {
  bench
    .command('merge <folders...>')
    .description('put the shards of a bench together: the tables of a bench that was never divided')
    .option('--out <dir>', 'where the whole goes', DEFAULT_OUT)
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress and no remarks')
    .addHelpText('after', examples('bench merge half-1 half-2 --out whole'))
    .action(runMerge);
}

async function runMerge(folders: string[], _: unknown, command: Command): Promise<void> {
  const { mergeBenches } = await import('../../bench/merge.js');
  const { out, ...flags } = command.optsWithGlobals<BenchFlags>(); // `bench` has options with the same names
  const merge = () => mergeBenches(folders, out);
  printResult(await during('putting the shards together', flags, merge), describe, flags);
}

async function runBench(flags: BenchFlags, command: Command): Promise<void> {
  const { bench } = await import('../../bench/bench.js');
  const signal = interruptSignal();
  const view = benchProgress(flags);
  try {
    // `bench` validates names and values.
    const options = benchOptions(flags, command) as unknown as BenchCallOptions;
    const result = await bench({ ...options, signal, onProgress: view.update, onRemark: view.remark });
    view.stop();
    if (result.failed > 0) say(`${result.failed} of ${result.items} items failed.`, flags);
    printResult(result, describe, flags);
  } catch (error) {
    if ((flags.shard ?? flags.queue) !== undefined && isRetryable(error)) process.exitCode = EXIT.tryAgain;
    throw error;
  } finally {
    view.stop();
  }
}

function describe({ out, items, computed, failed, files }: BenchResult): string {
  const failures = failed > 0 ? `, ${failed} failed` : '';
  const counts = `${items} items, ${computed} computed in this run${failures}.`;
  const table = files.find((file) => file.endsWith('bench.html'));
  return table ? `${counts}\n  look at  ${table}\n  all in   ${out}` : `${counts}\n  all in   ${out}`;
}
