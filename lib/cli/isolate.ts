import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { FepError } from '../errors/fepError';
import { integer } from './values';

/** Values of the options that `addIsolateOptions` adds. */
export interface IsolateFlags {
  isolate?: boolean;
  memoryLimit: number;
  timeLimit?: number;
}

/** A TorchScript file is a program: it may loop for ever, take all memory or crash. */
export function addIsolateOptions(command: Command): Command {
  return command
    .optionsGroup('For a model that you do not trust:')
    .option('--isolate', 'run in a process of its own, with limits')
    .option('--memory-limit <MB>', 'of that process', integer, 8192)
    .option('--time-limit <s>', 'of that process (default: none)', integer);
}

/** Set in the child, so that it runs the command instead of another child. */
const MARK = 'FEP_ISOLATED';
const POLL_MS = 100;

/** Whether a command has to hand its work to `runIsolated`. */
export function isToBeIsolated({ isolate }: IsolateFlags): boolean {
  return isolate === true && process.env[MARK] === undefined;
}

/**
 * Runs this very command once more in a child process and passes on its output and exit code. The child ends when it
 * crosses a limit, and with this process.
 *
 * It protects this process and the machine's memory from accidents. It is no sandbox: the child may do what this user
 * may do.
 *
 * @throws FepError `FEP_OUT_OF_MEMORY`, `FEP_ABORTED` past the time limit, `FEP_MODEL_LOAD` when the child crashed
 */
export async function runIsolated({ memoryLimit, timeLimit }: IsolateFlags): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: '1' },
  });
  const started = Date.now();
  let crossed: FepError | undefined;
  const watch = setInterval(() => {
    crossed ??= crossedLimit(child, started, memoryLimit, timeLimit);
    if (crossed) child.kill('SIGKILL');
  }, POLL_MS);
  const stop = endsWithUs(child);
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
    return new FepError('FEP_ABORTED', `The isolated run took longer than ${timeLimit} s and was ended.`, {
      hint: 'Raise --time-limit, or do not run this model.',
    });
  }
  if (residentMegabytes(pid) <= memoryLimit) return undefined;
  return new FepError(
    'FEP_OUT_OF_MEMORY',
    `The isolated run took more than ${memoryLimit} MB and was ended.`,
    {
      hint: 'Raise --memory-limit, or do not run this model.',
    },
  );
}

function residentMegabytes(pid: number | undefined): number {
  try {
    return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has just ended
  }
}

function crashed(signal: NodeJS.Signals): FepError {
  if (signal === 'SIGINT' || signal === 'SIGTERM')
    return new FepError('FEP_ABORTED', `The isolated run was ended by ${signal}.`);
  return new FepError('FEP_MODEL_LOAD', `The isolated run crashed (${signal}).`, {
    hint: 'Do not run this model outside of isolation; if you trust it, report this with the output of `fep-native doctor`.',
  });
}

/** Ctrl-C reaches the child by itself, other signals through us; whatever ends us ends it. */
function endsWithUs(child: ChildProcess): () => void {
  const ignore = () => {};
  const pass = () => void child.kill('SIGTERM');
  const kill = () => void child.kill('SIGKILL');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', pass);
  process.on('exit', kill);
  return () => {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', pass);
    process.off('exit', kill);
  };
}
