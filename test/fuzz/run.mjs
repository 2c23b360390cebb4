// Runs a boundary in child processes: a crash or a hang ends a child, is noted, and the next one goes on behind it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BOUNDARIES = [
  'npy',
  'pickle',
  'manifest',
  'datasets',
  'archives',
  'outputs',
  'videos',
  'options',
  'api',
];

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));
/** A case that takes longer hangs; a process that takes more memory has no bounds. */
const HANG_MS = 30_000;
const MOST_MEGABYTES = 2000;
const MOST_VIOLATIONS = 20;

/**
 * @param {{ boundary: string, seed?: number, from?: number, cases: number }} options
 * @returns `{ boundary, cases, answered, refused, peakMegabytes, violations: [{ case, what, message }] }`
 */
export async function fuzz({ boundary, seed = 0, from = 0, cases }) {
  const total = { boundary, cases, answered: 0, refused: 0, peakMegabytes: 0, violations: [] };
  let next = from;
  while (next < from + cases && total.violations.length < MOST_VIOLATIONS) {
    const { last, violations, done } = await runChild({ boundary, seed, from: next, to: from + cases });
    total.violations.push(...violations);
    if (done) {
      total.answered += done.answered;
      total.refused += done.refused;
      total.peakMegabytes = Math.max(total.peakMegabytes, done.peakMegabytes);
    }
    next = last + 1;
  }
  if (total.peakMegabytes > MOST_MEGABYTES)
    total.violations.push({ case: -1, what: 'memory', message: `${total.peakMegabytes} MB` });
  return total;
}

async function runChild(job) {
  const folder = mkdtempSync(join(tmpdir(), 'fep-fuzz-run-'));
  const progress = join(folder, 'case');
  const child = spawn(process.execPath, [CHILD, JSON.stringify({ ...job, progress })], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FEP_FUZZ: '1' },
  });
  let [out, err, hung] = ['', '', false];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err = (err + chunk).slice(-2000);
  });
  const at = () => {
    try {
      return Number(readFileSync(progress, 'utf8'));
    } catch {
      return job.from;
    }
  };
  let [seen, since] = [-1, Date.now()];
  const watch = setInterval(() => {
    const now = at();
    if (now !== seen) [seen, since] = [now, Date.now()];
    else if (Date.now() - since > HANG_MS) {
      hung = true;
      child.kill('SIGKILL');
    }
  }, 500);
  const [code, signal] = await new Promise((resolve) => child.once('close', (...how) => resolve(how)));
  clearInterval(watch);
  const last = at();
  rmSync(folder, { recursive: true, force: true });
  const lines = out.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const done = lines.find((line) => line.done);
  const violations = lines.filter((line) => !line.done);
  if (hung) violations.push({ case: last, what: 'it hangs', message: `longer than ${HANG_MS / 1000} s` });
  else if (!done)
    violations.push({ case: last, what: 'it ended the process', message: `${code} ${signal} ${err}` });
  return { last: done ? job.to - 1 : last, violations, done };
}
