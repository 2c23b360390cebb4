// The records that a page of docs/ rests on, one line a mask, kept with the sources: the page can be written anew without
// the hours of computing, and anyone can count again.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from '../../scripts/run.mjs';

const archiveOf = (name) => join(root, 'bench', 'results', `${name}.tar.gz`);

/** What a bench makes of its records each time. */
const MADE = ['clips', '*.html', '*.png', '*.svg', 'table.*', 'timing.*', '*.lock'];

/** Puts an archive's records into the folder where they are looked for, unless there are some already. */
export function unpackRecords(name, folder) {
  const archive = archiveOf(name);
  if (existsSync(folder) || !existsSync(archive)) return;
  mkdirSync(dirname(folder), { recursive: true });
  tar(['-xzf', archive], folder);
}

export function packRecords(name, folder) {
  const archive = archiveOf(name);
  mkdirSync(dirname(archive), { recursive: true });
  const excluded = MADE.map((made) => `--exclude=${made}`);
  tar(['-czf', archive, ...excluded, '--sort=name', basename(folder)], folder);
}

/** Lines of a bench's results. */
export function recordsOf(folder) {
  const lines = readFileSync(join(folder, 'results.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

function tar(args, folder) {
  const { status } = spawnSync('tar', args, { cwd: dirname(folder), stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`tar ${args[0]} ${args[1]} ended with ${status}.`);
}
