// An interrupted command ends at once: this looks at the clock, and so runs with nothing beside it.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import sharp from 'sharp';
import { endWithTests } from './helpers/children.mjs';
import { golden } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { MAIN } from './helpers/program.mjs';

const CLIP = golden('clip.npy');
const BARE = ['--model', golden('tiny.pt'), '--layout', 'NCTHW', '--frames', '16', '--size', '64'];
const TINY = [...BARE, '--mean', '0', '--std', '1', '--activation', 'logits'];
const COARSE = ['--method', 'ep', '--step', '16', '--sigma', '23'];

test('130: an interrupt ends a run at once and leaves nothing half-written', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    const out = join(temporaryFolder(t), 'out');
    const args = [MAIN, 'explain', CLIP, ...TINY, ...COARSE, '--iterations', '1000000', '--out', out];
    const child = endWithTests(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    const running = new Promise((resolve) => {
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
        if (/iteration \d+\//.test(stderr)) resolve();
      });
    });
    const ended = new Promise((resolve) => {
      child.once('close', (code, killedBy) => resolve({ code, killedBy, at: performance.now() }));
    });
    await Promise.race([running, ended]);
    const start = performance.now();
    child.kill(signal);
    const { code, killedBy, at } = await ended;
    t.is(killedBy, null, stderr);
    t.is(code, 130, stderr);
    t.true(at - start < 2000, `${signal}: ${at - start} ms`);
    t.is(stdout, '');
    t.deepEqual(existsSync(out) ? readdirSync(out) : [], []);
  }
});

test('a run that takes long draws a preview, and takes it away in the end', async (t) => {
  const out = join(temporaryFolder(t), 'out');
  const preview = join(out, 'preview.png');
  const args = [MAIN, 'explain', CLIP, ...TINY, ...COARSE, '--iterations', '1000000', '--out', out];
  const child = endWithTests(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] }));
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  while (!stderr.includes('preview: ') && child.exitCode === null) await setTimeout(100);
  const { width, height, format } = await sharp(preview).metadata();
  t.deepEqual([format, width > 4 * 168, height > 2 * 168], ['png', true, true]);
  const { channels } = await sharp(preview).stats();
  t.true(
    channels.every(({ stdev }) => stdev > 10),
    'there is something on it',
  );
  t.regex(stderr, /expected: about .* for 1000000 updates/);
  child.kill('SIGINT');
  t.is(await ended, 130, stderr);
  t.false(existsSync(preview));
});
