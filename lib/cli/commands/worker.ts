import type { Command } from 'commander';
import type { WorkerItem, WorkerOptions, WorkerResult } from '../../bench/queue/workerOptions';
import { isRetryable } from '../../errors/retryable';
import { examples } from '../examples';
import { EXIT } from '../exitCodes';
import { interruptSignal } from '../interrupt';
import { type OutputOptions, printResult, say } from '../output';
import { integer, names, number } from '../values';

/** How long the iteration under way may take before a job is abandoned instead of returned. */
const GRACE_MS = 20_000;

type WorkerFlags = Omit<WorkerOptions, 'models' | 'signal'> & OutputOptions & { model?: string[] };

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('compute items of the benches in a queue; start one for each device or group of cores')
    .requiredOption('--queue <url>', 'of a Redis or Valkey: redis://host:6379/0')
    .option(
      '--model <list>',
      "where the benches' models are on this machine (default: as the bench says)",
      names,
    )
    .option('--data <set>', 'where their data set is on this machine (default: as the bench says)')
    .option('--device <name>', "cpu, cuda, cuda:1 (default: the bench's)")
    .option('--threads <n>', "threads of libtorch's operators (default: the bench's)", integer)
    .option('--max-idle <seconds>', 'end when there was nothing to do for so long (default: never)', number)
    .option('--dead-after <seconds>', 'a worker that is silent for so long is dead (default: 30)', number)
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no line for each item')
    .addHelpText(
      'after',
      examples(
        'worker --queue redis://head:6379/0',
        'worker --queue redis://head:6379/0 --data ucf101-24:/scratch/ucf --device cuda:1 --max-idle 600',
      ),
    )
    .action(runWorkerCommand);
}

async function runWorkerCommand({ json, quiet, model, ...flags }: WorkerFlags): Promise<void> {
  const { runWorker } = await import('../../bench/queue/worker.js');
  const speech = { ...(json && { json }), ...(quiet && { quiet }) };
  const signal = interruptSignal(GRACE_MS);
  const options: WorkerOptions = {
    ...flags,
    ...(model && { models: model }),
    signal,
    onItem: (item) => say(describeItem(item), speech),
    onRemark: (line) => say(line, speech),
  };
  const result = await runWorker(options).catch((error: unknown) => {
    if (isRetryable(error)) process.exitCode = EXIT.tryAgain;
    throw error;
  });
  if (signal.aborted) process.exitCode = EXIT.interrupted;
  printResult(result, describe, speech);
}

function describeItem({ model, sample, method, seconds }: WorkerItem): string {
  return `${model} · ${sample} · ${method}  ${seconds.toFixed(1)} s`;
}

function describe({ computed, failed, returned }: WorkerResult): string {
  return `${computed} items computed${failed > 0 ? `, ${failed} failed` : ''}${returned ? ', one returned to the queue' : ''}.`;
}
