// Benches small enough for a test, and what of their results two runs have in common.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadModel } from 'fep-native';
import { SYNTHETIC_CLASSES, synthesize } from 'fep-native/datasets';
import { endWithTests } from './children.mjs';
import { MAIN } from './program.mjs';

/**
 * Models that take 8 frames of 32×32 and know the synthetic classes (test/fixtures/models/make.py), for benches of which
 * everything is asked but what a model sees.
 */
export const [SMALL, SMALL_TSM] = ['small', 'small-tsm'].map((name) =>
  fileURLToPath(new URL(`../fixtures/models/${name}.pt`, import.meta.url)),
);

const END_AT = fileURLToPath(new URL('endAt.cjs', import.meta.url));

/**
 * A run of the command line: `child`, `said()` so far on stderr, and `ended` with how it ended and what it said.
 *
 * @param endAt a moment at which it gets a signal, as endAt.cjs has it
 */
export function start(args, endAt) {
  const preload = endAt === undefined ? [] : ['--require', END_AT];
  const env = { ...process.env, NO_COLOR: '1', ...(endAt && { END_AT: endAt }) };
  const child = endWithTests(spawn(process.execPath, [...preload, MAIN, ...args], { env }));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise((done) => {
    child.on('close', (status, signal) => done({ status, signal, stdout, stderr }));
  });
  return { child, said: () => stderr, ended };
}

export const cli = (args, endAt) => start(args, endAt).ended;

/** The lines of a bench's results, without what differs from run to run. */
export function records(folder, file = 'results.jsonl') {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const { timing, ...record } = JSON.parse(line);
    for (const seconds of Object.values(timing)) if (!(seconds >= 0)) throw new Error(line);
    return record;
  });
}

/** Everything that two runs of one bench have in common byte for byte, by file name: SHA-256 of each. */
export function outcome(folder) {
  const files = readdirSync(folder, { recursive: true })
    .filter((name) => !/^timing\.|\.jsonl$/.test(name))
    .filter((name) => statSync(join(folder, name)).isFile());
  const hash = (name) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  return Object.fromEntries(files.sort().map((name) => [name, hash(name)]));
}

/** The small model, on two threads, which goes away with the test, and so many clips for it. */
export async function setUpSmall(t, count) {
  const model = await loadModel(SMALL, { threads: 2 });
  t.teardown(() => model.dispose());
  const clips = Array.from({ length: count }, (_, index) => heldOut(index, model.manifest.input).clip);
  return { model, clips };
}

/** A clip of the held-out synthetic set, made by hand: as a model takes it, and whether a voxel is in the box. */
export function heldOut(index, { frames, height, width, mean, std }) {
  const { rgb, boxes, label } = synthesize({ seed: 2, index, frames, height, width, difficulty: 'hard' });
  const voxels = frames * height * width;
  const data = new Float32Array(3 * voxels);
  const inside = new Uint8Array(voxels);
  for (let t = 0, v = 0; t < frames; t++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++, v++) {
        for (let c = 0; c < 3; c++) data[c * voxels + v] = (rgb[3 * v + c] / 255 - mean[c]) / std[c];
        const box = boxes[t];
        inside[v] =
          box && x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height ? 1 : 0;
      }
  const about = { fps: 8, sourceFrames: frames, indices: [], source: '', warnings: [] };
  return { clip: { data, rgb, frames, height, width, ...about }, inside, label: SYNTHETIC_CLASSES[label] };
}
