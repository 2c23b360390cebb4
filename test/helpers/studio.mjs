// Studios for tests: in this process or as the command line starts them, and how they are asked.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createStudio } from '../../dist/studio/studio.js';
import { SMALL } from './bench.mjs';
import { endWithTests } from './children.mjs';
import { temporaryFolder } from './libtorch.mjs';
import { MAIN } from './program.mjs';

export const clip = { source: { kind: 'sample' } };
/** `SMALL`, as the studios here offer it. */
export const model = 'command line:0';
export const LONG = { clip, model, options: { method: 'ep', iterations: 900_000 } };
export const SHORT = { clip, model, options: { method: 'ep', iterations: 5, area: 0.1 } };

/** States that a run stays in. */
export const ENDS = ['done', 'stopped', 'cancelled', 'failed', 'interrupted'];

/** A studio that goes away with the test, and how it is asked. */
export async function setUp(t, options = {}) {
  const folder = options.folder ?? join(temporaryFolder(t), 'runs');
  const studio = await createStudio({ model: [SMALL], ...options, folder });
  t.teardown(() => studio.close());
  return { folder, studio, ...client(studio.address) };
}

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

/** A studio of the command line: its process, and how it is asked. */
export async function beginStudio(folder, ...more) {
  const args = ['studio', '--no-open', '--folder', folder, '--model', SMALL, ...more];
  const env = { ...process.env, NO_COLOR: '1' };
  const child = endWithTests(spawn(process.execPath, [MAIN, ...args], { env }));
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
