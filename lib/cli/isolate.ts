import { type ChildProcess, spawn } from 'node:child_process';
import type { Command } from 'commander';
import { FepError } from '../errors/fepError';
import { residentMegabytes } from '../system/residentMegabytes';
import { integer } from './values';

/** Values of the options that `addIsolateOptions` adds. */
export interface IsolateFlags {
  isolate?: boolean;
  memoryLimit: number;
  timeLimit?: number;
}

/** Options for untrusted models: a TorchScript file is a program that may loop forever, exhaust memory or crash. */
export function addIsolateOptions(command: Command): Command {
  return command
    .optionsGroup('For an untrusted model:')
    .option('--isolate', 'run in a separate process, with limits')
    .option('--memory-limit <MB>', 'memory limit of that process', integer, 8192)
    .option('--time-limit <s>', 'time limit of that process (default: none)', integer);
}

/** Environment variable that marks the child, so that it runs the command itself. */
const ISOLATED_ENV = 'FEP_ISOLATED';
const POLL_MS = 100;

/** Whether a command must delegate to `runIsolated`. */
export function isToBeIsolated({ isolate }: IsolateFlags): boolean {
  return isolate === true && process.env[ISOLATED_ENV] === undefined;
}

/**
 * Reruns the current command in a child process and forwards its output and exit code. The child is killed when it
 * exceeds a limit, and when this process exits.
 *
 * This protects the process and the machine's memory from accidents. It is not a sandbox: the child has the user's full
 * permissions.
 *
 * @throws FepError `FEP_OUT_OF_MEMORY`, `FEP_ABORTED` past the time limit, `FEP_MODEL_LOAD` when the child crashed
 */
export async function runIsolated({ memoryLimit, timeLimit }: IsolateFlags): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [ISOLATED_ENV]: '1' },
  });
  const started = Date.now();
  let crossed: FepError | undefined;
  const watch = setInterval(() => {
    crossed ??= crossedLimit(child, started, memoryLimit, timeLimit);
    if (crossed) child.kill('SIGKILL');
  }, POLL_MS);
  const stop = forwardSignals(child);
  try {
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (...how) => resolve(how));
    });
    if (crossed) throw crossed;
    if (signal) throw crashed(signal);
    process.exitCode = code ?? 1;
  } finally {
    clearInterval(watch);
    stop();
  }
}

function crossedLimit(
  { pid }: ChildProcess,
  started: number,
  memoryLimit: number,
  timeLimit: number | undefined,
): FepError | undefined {
  if (timeLimit !== undefined && Date.now() - started > timeLimit * 1000) {
    return new FepError('FEP_ABORTED', `The isolated run took longer than ${timeLimit} s and was stopped.`, {
      hint: 'Raise --time-limit, or do not run this model.',
    });
  }
  if (residentMegabytes(pid) <= memoryLimit) return undefined;
  return new FepError(
    'FEP_OUT_OF_MEMORY',
    `The isolated run used more than ${memoryLimit} MB and was stopped.`,
    {
      hint: 'Raise --memory-limit, or do not run this model.',
    },
  );
}

function crashed(signal: NodeJS.Signals): FepError {
  if (signal === 'SIGINT' || signal === 'SIGTERM')
    return new FepError('FEP_ABORTED', `The isolated run was ended by ${signal}.`);
  return new FepError('FEP_MODEL_LOAD', `The isolated run crashed (${signal}).`, {
    hint: 'Do not run this model outside of isolation; if you trust it, report this with the output of `fep-native doctor`.',
  });
}

/**
 * Forwards SIGTERM to the child and kills it when this process exits. The terminal sends Ctrl-C to both processes.
 *
 * @returns removes the handlers
 */
function forwardSignals(child: ChildProcess): () => void {
  const ignore = () => {};
  const forward = () => void child.kill('SIGTERM');
  const kill = () => void child.kill('SIGKILL');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', forward);
  process.on('exit', kill);
  return () => {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', forward);
    process.off('exit', kill);
  };
}
