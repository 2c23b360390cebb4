// A long life and a hard one: many runs in one process, a full disk, a folder that cannot be written to, too little memory,
// two processes that want the same folder. What 12.worker, 32.video.exit, 50.cli and 82.bench.resume end in the middle is
// not ended here once more.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { readNpy } from 'fep-native';
import hashes from '../dist/sha256.js';
import { golden } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const SOAK = fileURLToPath(new URL('soak/soak.mjs', import.meta.url));
const BARE = ['--model', golden('tiny.pt'), '--layout', 'NCTHW', '--frames', '16', '--activation', 'logits'];
const GRADIENTS = [
  'explain',
  golden('clip.npy'),
  ...BARE,
  '--size',
  '64',
  '--method',
  'gradients',
  '--quiet',
];

/** Runs a command where a small or read-only file system lies over a folder; undefined where that is not allowed. */
function onFileSystem(folder, options, args) {
  const quoted = [process.execPath, MAIN, ...args].map((arg) => `'${arg}'`).join(' ');
  const script = `mount -t tmpfs -o ${options} tmpfs '${folder}' || exit 99; ${quoted}; code=$?; find '${folder}' -type f >&2; exit $code`;
  const { status, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', script], { encoding: 'utf8' });
  return status === 99 || status === null || /unshare: /.test(stderr) ? undefined : { status, stderr };
}

test.serial('memory, threads and handles stay what they are over many explanations', (t) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SOAK, '--runs', '100'], {
    encoding: 'utf8',
  });
  t.is(status, 0, stderr);
  const { first, last, growth } = JSON.parse(stdout);
  t.is(last.threads, first.threads);
  t.is(last.handles, first.handles);
  // The allocator is still warming up: 2 % is what `npm run soak` asks of a thousand runs after the first two hundred.
  t.true(growth < 0.25, `${first.megabytes} MB, then ${last.megabytes} MB`);
});

test.serial('a full disk: a message, and no half of a file', (t) => {
  const folder = temporaryFolder(t);
  const found = onFileSystem(folder, 'size=100k', [...GRADIENTS, '--out', join(folder, 'out')]);
  if (!found) return t.pass('no mounts here');
  t.is(found.status, 1, found.stderr);
  t.regex(found.stderr, /error: .*could not be written: .*no space left/i);
  t.regex(found.stderr, /→ Check that the folder exists.*disk is not full/);
  t.false(/\/\.[^/]*\.(npy|mp4|png|json)/.test(found.stderr), found.stderr);
});

test.serial('a folder that cannot be written to: a message', (t) => {
  const folder = temporaryFolder(t);
  const found = onFileSystem(folder, 'ro', [...GRADIENTS, '--out', folder]);
  if (!found) return t.pass('no mounts here');
  t.is(found.status, 1, found.stderr);
  t.regex(found.stderr, /error: .* could not be written: EROFS/);
});

test.serial('a bench on a full disk stops with a message, and what is finished stays', (t) => {
  const folder = temporaryFolder(t);
  const what = ['--method', 'ep@step=16:sigma=23', '--iterations', '2', '--curve-steps', '0', '--limit', '4'];
  const args = ['bench', ...what, '--threads', '1', '--quiet', '--out', folder];
  const found = onFileSystem(folder, 'size=8k', args);
  if (!found) return t.pass('no mounts here');
  t.is(found.status, 1, found.stderr);
  t.regex(found.stderr, /disk is (not )?full/);
});

test.serial('too little memory is a message with the code for it', (t) => {
  const folder = temporaryFolder(t);
  const size = [
    '--size',
    '1024',
    '--method',
    'ep',
    '--iterations',
    '1',
    '--threads',
    '1',
    '--json',
    '--quiet',
  ];
  const clip = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));
  const command = [process.execPath, MAIN, 'explain', clip, ...BARE, ...size, '--out', folder];
  const quoted = command.map((arg) => `'${arg}'`).join(' ');
  const { status, signal, stdout, stderr } = spawnSync('sh', ['-c', `ulimit -v 3500000; ${quoted}`], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  t.is(signal, null, stderr);
  t.is(status, 1, stderr);
  t.is(JSON.parse(stdout).error.code, 'FEP_OUT_OF_MEMORY', stderr);
});

test.serial(
  'two processes that write into one folder: the files of one of them, none of them torn',
  async (t) => {
    const out = join(temporaryFolder(t), 'out');
    mkdirSync(out);
    const run = (seed) => {
      const args = [
        MAIN,
        ...GRADIENTS.with(GRADIENTS.indexOf('gradients'), 'random'),
        '--seed',
        seed,
        '--out',
        out,
      ];
      return new Promise((done) => spawn(process.execPath, args, { stdio: 'ignore' }).once('close', done));
    };
    t.deepEqual(await Promise.all(['1', '2'].map(run)), [0, 0]);
    t.deepEqual(readdirSync(out).sort(), [
      'mask.npy',
      'overlay.mp4',
      'report.html',
      'result.json',
      'sheet.png',
    ]);
    const { data } = await readNpy(join(out, 'mask.npy'));
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
    t.is(hashes.sha256OfArray(data), result.sha256.mask, 'mask.npy and result.json are of one run');
    t.true(existsSync(join(out, 'report.html')));
  },
);
