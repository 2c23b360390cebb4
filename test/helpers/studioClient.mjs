// A studio as the command line starts it, and how a studio is asked. Without ava, for scripts.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));
const MAIN = pathOf('../../dist/cli/main.js');
const SMALL = pathOf('../fixtures/models/small.pt');

export const clip = { source: { kind: 'sample' } };
/** The model of 8 frames of 32×32 that studios of tests offer. */
export const model = 'command line:0';

/** States that a run stays in. */
export const ENDS = ['done', 'stopped', 'cancelled', 'failed', 'interrupted'];

/** How the studio at an address is asked. */
export function client(address) {
  const { origin, searchParams } = new URL(address);
  const authorization = `Bearer ${searchParams.get('token')}`;
  const ask = (path, { method = 'GET', body, headers = {}, ...more } = {}) =>
    fetch(origin + path, { method, body, headers: { authorization, ...headers }, ...more });
  const json = async (path, init) => (await ask(path, init)).json();
  const post = (path, value, method = 'POST') =>
    ask(path, { method, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });
  const start = async (run) => (await post('/api/jobs', run)).json();
  const until = async (id, wanted) => {
    for (;;) {
      const run = await json(`/api/runs/${id}`);
      if (wanted.includes(run.state)) return run;
      await new Promise((next) => setTimeout(next, 50));
    }
  };
  return { origin, address, ask, json, post, start, until };
}

/** A studio in a process of its own, which the caller ends, and how it is asked. */
export async function beginStudio(folder, ...more) {
  const args = ['studio', '--no-open', '--folder', folder, '--model', SMALL, ...more];
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, NO_COLOR: '1' } });
  const address = await new Promise((said, failed) => {
    child.stdout.once('data', (chunk) => said(String(chunk).trim()));
    child.once('exit', (code) => failed(new Error(`exit code ${code}`)));
  });
  return { child, ...client(address) };
}

/** Ends a process with a signal, and waits until it has ended; its exit code. */
export function endBy(child, signal) {
  const ended = new Promise((end) => child.once('exit', end));
  child.kill(signal);
  return ended;
}
