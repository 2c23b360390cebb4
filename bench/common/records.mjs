// The records behind a page of docs/, one line per item. They are kept in bench/results, so that the page can be written
// again, and checked, without hours of computing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RESULTS } from './results.mjs';

const archiveOf = (name) => join(RESULTS, `${name}.tar.gz`);

/** What a bench makes from its records each time it runs. */
const DERIVED = ['clips', '*.html', '*.png', '*.svg', 'table.*', 'timing.*', '*.lock'];

/** Unpacks an archive's records into their folder, unless the folder exists. */
export function unpackRecords(name, folder) {
  const archive = archiveOf(name);
  if (existsSync(folder) || !existsSync(archive)) return;
  mkdirSync(dirname(folder), { recursive: true });
  tar(['-xzf', archive], folder);
}

export function packRecords(name, folder) {
  const archive = archiveOf(name);
  mkdirSync(dirname(archive), { recursive: true });
  const excluded = DERIVED.map((pattern) => `--exclude=${pattern}`);
  tar(['-czf', archive, ...excluded, '--sort=name', basename(folder)], folder);
}

/** The records of a bench. */
export function recordsOf(folder) {
  return recordsIn(join(folder, 'results.jsonl'));
}

/** The records of a file, one JSON object a line. */
export function recordsIn(file) {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

function tar(args, folder) {
  const { status } = spawnSync('tar', args, { cwd: dirname(folder), stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`tar ${args[0]} ${args[1]} ended with exit code ${status}.`);
}
