// The command line, as a program of its own and in this process.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../dist/cli/program.js';

export const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Runs a command to its end. */
export function cli(args, { env = {}, cwd } = {}) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    timeout: 240_000,
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { status, signal, stdout, stderr };
}

let last = Promise.resolve();

/**
 * The same without a process, for what ends before it has done anything: wrong usage, help, words to complete. What else is
 * printed meanwhile would be taken for the command's: one command after the other, from tests that run one by one.
 */
export function cliHere(args) {
  const run = last.then(() => runHere(args));
  last = run.catch(() => {});
  return run;
}

const SIGNALS = ['SIGINT', 'SIGTERM'];

async function runHere(args) {
  const { NO_COLOR } = process.env;
  const heard = SIGNALS.map((signal) => process.listeners(signal));
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write);
  const said = ['', ''];
  streams.forEach((stream, i) => {
    stream.write = (chunk) => {
      said[i] += chunk;
      return true;
    };
  });
  process.env.NO_COLOR = '1';
  process.exitCode = undefined;
  try {
    await runProgram(args);
    return { status: process.exitCode ?? 0, stdout: said[0], stderr: said[1] };
  } finally {
    process.exitCode = undefined;
    if (NO_COLOR === undefined) delete process.env.NO_COLOR;
    else process.env.NO_COLOR = NO_COLOR;
    streams.forEach((stream, i) => {
      stream.write = writes[i];
    });
    // A command listens for signals until its process ends.
    SIGNALS.forEach((signal, i) => {
      for (const listener of process.listeners(signal))
        if (!heard[i].includes(listener)) process.off(signal, listener);
    });
  }
}
