import type { Command } from 'commander';
import type { WorkerItem, WorkerOptions, WorkerResult } from '../../bench/queue/workerOptions';
import { isRetryable } from '../../errors/retryable';
import { examples } from '../examples';
import { EXIT } from '../exitCodes';
import { interruptSignal } from '../interrupt';
import { type OutputOptions, printResult, say } from '../output';
import { integer, names, number } from '../values';

/** Time that the running iteration may take before the job is abandoned instead of returned to the queue. */
const GRACE_MS = 20_000;

type WorkerFlags = Omit<WorkerOptions, 'models' | 'signal'> & OutputOptions & { model?: string[] };

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('compute items of queued benches; start one worker per device or group of cores')
    .requiredOption('--queue <url>', 'Redis or Valkey server: redis://host:6379/0')
    .option(
      '--model <list>',
      "location of the benches' models on this machine (default: as in the bench)",
      names,
    )
    .option('--data <set>', 'location of their data set on this machine (default: as in the bench)')
    .option('--device <name>', "cpu, cuda, cuda:1 (default: the bench's)")
    .option('--threads <n>', "threads of libtorch's operators (default: the bench's)", integer)
    .option('--max-idle <seconds>', 'exit after this time without work (default: never)', number)
    .option(
      '--dead-after <seconds>',
      'consider a worker dead after this time without a sign of life (default: 30)',
      number,
    )
    .option('--json', 'print one JSON object')
    .option('--quiet', 'do not print a line per item')
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
  const output = { ...(json && { json }), ...(quiet && { quiet }) };
  const signal = interruptSignal(GRACE_MS);
  const options: WorkerOptions = {
    ...flags,
    ...(model && { models: model }),
    signal,
    onItem: (item) => say(describeItem(item), output),
    onRemark: (line) => say(line, output),
  };
  const result = await runWorker(options).catch((error: unknown) => {
    if (isRetryable(error)) process.exitCode = EXIT.tryAgain;
    throw error;
  });
  if (signal.aborted) process.exitCode = EXIT.interrupted;
  printResult(result, describe, output);
}

function describeItem({ model, sample, method, seconds }: WorkerItem): string {
  return `${model} · ${sample} · ${method}  ${seconds.toFixed(1)} s`;
}

function describe({ computed, failed, returned }: WorkerResult): string {
  return `${computed} items computed${failed > 0 ? `, ${failed} failed` : ''}${returned ? ', one returned to the queue' : ''}.`;
}
