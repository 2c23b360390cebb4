// The records that docs/results.md rests on, one line a mask, kept with the sources: the page can be written anew
// without the hours of computing, and anyone can count again.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { root } from '../run.mjs';
import { FOLDER } from './settings.mjs';

const ARCHIVE = join(root, 'bench', 'results', 'records.tar.gz');

/** What a bench makes of its records each time. */
const MADE = ['clips', '*.html', '*.png', '*.svg', 'table.*', 'timing.*', '*.lock'];

/** Puts the archive's records where `npm run results` looks for them, unless it has some already. */
export function unpackRecords() {
  if (existsSync(FOLDER) || !existsSync(ARCHIVE)) return;
  mkdirSync(dirname(FOLDER), { recursive: true });
  tar(['-xzf', ARCHIVE]);
}

export function packRecords() {
  mkdirSync(dirname(ARCHIVE), { recursive: true });
  tar(['-czf', ARCHIVE, ...MADE.map((name) => `--exclude=${name}`), '--sort=name', basename(FOLDER)]);
}

function tar(args) {
  const { status } = spawnSync('tar', args, { cwd: dirname(FOLDER), stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`tar ${args[0]} ${ARCHIVE} ended with ${status}.`);
}
