// Results say what they were made of, and can be computed once more.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { explain, loadModel, readClip, readNpy, reproduce, saveExplanation, writeNpy } from 'fep-native';
import { openDataset } from 'fep-native/datasets';
import sharp from 'sharp';
import { SMALL } from './helpers/bench.mjs';
import { copyOf } from './helpers/datasets.mjs';
import { golden } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../models/sample.mp4', import.meta.url));
const QUICK = { iterations: 4, step: 16, sigma: 23 };
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** A clip of 8 frames of 32×32 out of the golden one. */
let clipFile;
test.before(async () => {
  const folder = temporaryFolder({ teardown: (clean) => process.once('exit', clean) });
  clipFile = join(folder, 'clip.npy');
  const { data } = await readNpy(golden('clip.npy'));
  const part = Float32Array.from({ length: 3 * 8 * 32 * 32 }, (_, i) => {
    const [c, t, y, x] = [i >> 13, (i >> 10) & 7, (i >> 5) & 31, i & 31];
    return data[((c * 16 + 2 * t) * 64 + 2 * y) * 64 + 2 * x];
  });
  await writeNpy(clipFile, { data: part, shape: [3, 8, 32, 32] });
});

async function small(t) {
  const model = await loadModel(SMALL, { threads: 1 });
  t.teardown(() => model.dispose());
  return model;
}

/** Explains the clip and saves it: where each `result.json` is. */
async function saved(t, options, clipOptions = {}) {
  const model = await small(t);
  const clip = await readClip(clipFile, model.manifest.input, clipOptions);
  const files = await saveExplanation(temporaryFolder(t), model, clip, await explain(model, clip, options));
  return files.map(({ result }) => result);
}

test.serial('a result names its configuration, model and data by their hashes', async (t) => {
  const [path] = await saved(t, { method: 'ep', ...QUICK });
  const result = json(path);
  t.is(result.model.sha256, sha256(readFileSync(SMALL)));
  const { data } = await readNpy(clipFile);
  t.is(result.sha256.data, sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  const mask = (await readNpy(join(path, '..', 'mask.npy'))).data;
  t.is(result.sha256.mask, sha256(new Uint8Array(mask.buffer, mask.byteOffset, mask.byteLength)));
  t.true(Number.isInteger(result.threads) && result.precision === 'float32');

  const [same, other] = [
    await saved(t, { method: 'ep', ...QUICK }),
    await saved(t, { method: 'ep', ...QUICK, area: 0.2 }),
  ].map(([file]) => json(file).sha256);
  t.deepEqual(same, result.sha256, 'the same to the last bit');
  t.not(other.config, result.sha256.config);
  t.is(other.data, result.sha256.data);
});

test.serial('every kind of method is reproduced to the last bit', async (t) => {
  for (const options of [
    { method: 'f-ep', area: [0.1, 0.3], ...QUICK },
    { method: 'smoothgrad', samples: 2, seed: 5 },
    { method: 'grad-cam' },
  ]) {
    for (const path of await saved(t, options)) {
      const found = await reproduce(path);
      t.true(found.identical, `${options.method}: ${JSON.stringify(found)}`);
      t.deepEqual(found.difference, { maximum: 0, mean: 0 });
      t.deepEqual(found.changed, []);
      t.is(found.explained.now, found.explained.before);
    }
  }
});

test.serial('a model whose batch normalisation was folded is folded again', async (t) => {
  const model = await loadModel('r2plus1d-mini', { threads: 1, foldBatchNorm: true });
  t.teardown(() => model.dispose());
  const clip = await readClip(SAMPLE, model.manifest.input);
  const explanation = await explain(model, clip, { method: 'gradients' });
  const [{ result }] = await saveExplanation(temporaryFolder(t), model, clip, explanation);
  t.true(json(result).foldBatchNorm);
  const found = await reproduce(result);
  t.true(found.identical, JSON.stringify(found));
});

test.serial('a result that was changed does not come out again', async (t) => {
  const [path] = await saved(t, { method: 'ep', ...QUICK });
  const result = json(path);
  result.config.learningRate *= 2;
  result.versions.node = '1.2.3';
  writeFileSync(path, JSON.stringify(result));
  const found = await reproduce(path);
  t.false(found.identical);
  t.true(found.difference.maximum > 0);
  t.deepEqual(found.changed, [{ what: 'node', before: '1.2.3', now: process.versions.node }]);
});

test.serial('another model or clip is refused', async (t) => {
  const [path] = await saved(t, { method: 'gradients' });
  const folder = temporaryFolder(t);
  const clip = join(folder, 'other.npy');
  const { data, shape } = await readNpy(clipFile);
  await writeNpy(clip, { data: data.with(0, 0.5), shape });
  const wrongClip = await t.throwsAsync(reproduce(path, { clip }));
  t.is(wrongClip.code, 'FEP_USAGE');
  t.regex(wrongClip.message, /clip is not the one of the result/);
  const wrongModel = await t.throwsAsync(reproduce(path, { model: 'tsm-mini' }));
  t.regex(wrongModel.message, /model is not the one of the result/);
  const moved = join(folder, 'moved.pt');
  copyFileSync(SMALL, moved);
  t.true((await reproduce(path, { model: moved })).identical);
});

test.serial('a folder is read once more by its pattern', async (t) => {
  const folder = temporaryFolder(t);
  for (let i = 0; i < 4; i++)
    for (const [name, red] of [
      ['img', 40 * i],
      ['flow', 255],
    ]) {
      const background = { r: red, g: 60, b: 90 };
      const picture = sharp({ create: { width: 40, height: 32, channels: 3, background } });
      await picture.png().toFile(join(folder, `${name}_${i}.png`));
    }
  const out = temporaryFolder(t);
  const bare = ['--model', golden('tiny.pt'), '--layout', 'NCTHW', '--frames', '16', '--size', '64'];
  const model = [...bare, '--mean', '0', '--std', '1', '--activation', 'logits'];
  const args = ['explain', folder, ...model, '--method', 'gradients', '--out', out, '--json'];
  const refused = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  t.is(refused.status, 2, refused.stderr);
  t.true(`${refused.stdout}${refused.stderr}`.includes('flow_*.png (4), img_*.png (4)'), refused.stderr);
  const chosen = spawnSync(process.execPath, [MAIN, ...args, '--frames-pattern', 'img_*.png'], {
    encoding: 'utf8',
  });
  t.is(chosen.status, 0, chosen.stderr);
  const path = join(out, 'result.json');
  t.is(json(path).clip.framesPattern, 'img_*.png');
  t.is(json(path).clip.sourceFrames, 4);
  t.true((await reproduce(path)).identical);
});

/** Explains a data set's sample and saves it: where `result.json` is. */
async function savedSample(t, sample) {
  const model = await small(t);
  const { clip } = await sample.read(model.manifest.input);
  const explanation = await explain(model, clip, { method: 'gradients' });
  const [{ result }] = await saveExplanation(temporaryFolder(t), model, clip, explanation);
  return result;
}

test.serial(
  'a synthetic sample is made once more, of its own seed, difficulty, split and place',
  async (t) => {
    for (const { place, ...options } of [
      { place: 4 },
      { place: 103, limit: 104, seed: 7, difficulty: 'hard', split: 'validation' },
      { place: 1, limit: 2, classes: ['clockwise'], difficulty: { difficulty: 'easy', distractors: 2 } },
    ]) {
      const { samples } = await openDataset('synthetic', options);
      const sample = samples[place];
      const path = await savedSample(t, sample);
      const { split = 'test', seed = 2, difficulty = 'standard' } = options;
      const { id, label } = sample;
      t.like(json(path).clip.sample, { data: 'synthetic', id, label, split, seed, difficulty });
      const found = await reproduce(path);
      t.true(found.identical, `${id}: ${JSON.stringify(found)}`);
    }
  },
);

test.serial('a sample of UCF101-24 is found again, also where the data set has moved', async (t) => {
  const before = copyOf(t, 'ucf101-24');
  const { samples } = await openDataset(`ucf101-24:${before}`);
  const sample = samples.find(({ label }) => label === 'Biking');
  const path = await savedSample(t, sample);
  const expected = { data: `ucf101-24:${before}`, id: 'v_Biking_g01_c01', label: 'Biking', split: 'test' };
  t.deepEqual(json(path).clip.sample, expected);
  t.true((await reproduce(path)).identical);

  const now = `${before}-moved`;
  renameSync(before, now);
  const gone = await t.throwsAsync(reproduce(path), { code: 'FEP_IO' });
  t.is(gone.hint, 'Say where it is now: --data ucf101-24:PATH.');
  const data = `ucf101-24:${now}`;
  rmSync(join(now, 'Diving'), { recursive: true });
  t.true((await reproduce(path, { data })).identical, 'another sample that is gone does not matter');
  const clip = readdirSync(join(now, 'UCF-101', 'Biking')).map((name) =>
    join(now, 'UCF-101', 'Biking', name),
  )[0];
  t.true((await reproduce(path, { clip })).identical, 'the file alone will do');

  copyFileSync(join(now, 'v_Skiing_g01_c01.mp4'), clip);
  const other = await t.throwsAsync(reproduce(path, { data }), { code: 'FEP_USAGE' });
  t.regex(other.message, /clip is not the one of the result/);
  t.is(other.hint, 'Name the right one with --data.');
  rmSync(clip);
  const without = await t.throwsAsync(reproduce(path, { data }), { code: 'FEP_DATASET' });
  t.regex(without.message, /^v_Biking_g01_c01: there is no video/);
});

test.serial('a data set for a clip, and two places for one, are refused', async (t) => {
  const [ofClip] = await saved(t, { method: 'gradients' });
  const noSample = await t.throwsAsync(reproduce(ofClip, { data: 'synthetic' }), { code: 'FEP_USAGE' });
  t.regex(noSample.message, /of no data set's sample/);
  const [sample] = (await openDataset('synthetic')).samples;
  const both = { data: 'synthetic', clip: clipFile };
  await t.throwsAsync(reproduce(await savedSample(t, sample), both), { message: /two places/ });
  const result = json(ofClip);
  result.clip.source = join(temporaryFolder(t), 'gone.npy');
  writeFileSync(ofClip, JSON.stringify(result));
  const gone = await t.throwsAsync(reproduce(ofClip), { code: 'FEP_CLIP_NOT_FOUND' });
  t.is(gone.hint, 'Say where it is now: --clip PATH.');
});

test.serial('the commands: what explain --data --sample made, reproduce --data finds again', async (t) => {
  const [set, out] = [copyOf(t, 'ucf101-24'), temporaryFolder(t)];
  const cli = (...args) => spawnSync(process.execPath, [MAIN, ...args, '--quiet'], { encoding: 'utf8' });
  const what = ['--data', `ucf101-24:${set}`, '--split', 'all', '--sample', 'v_Diving_g01_c01'];
  const how = ['--model', 'tsm-mini', '--method', 'gradients', '--threads', '1', '--out', out];
  const made = cli('explain', ...what, ...how);
  t.is(made.status, 0, made.stderr);
  renameSync(set, `${set}-moved`);
  const lost = cli('reproduce', join(out, 'result.json'));
  t.is(lost.status, 1);
  t.regex(lost.stderr, /→ Say where it is now: --data ucf101-24:PATH\./);
  const found = cli('reproduce', join(out, 'result.json'), '--data', `ucf101-24:${set}-moved`);
  t.is(found.status, 0, found.stderr);
  t.regex(found.stdout, /^The mask is the same to the last bit\.\n/);
});

test.serial('the command: exit code 0 for the same, 1 for another, 2 for no result', async (t) => {
  const [path] = await saved(t, { method: 'gradients' });
  const cli = (...args) => spawnSync(process.execPath, [MAIN, 'reproduce', ...args], { encoding: 'utf8' });
  const same = cli(path);
  t.is(same.status, 0, same.stderr);
  t.regex(same.stdout, /^The mask is the same to the last bit\.\n/);
  const result = json(path);
  result.sha256.mask = '0'.repeat(64);
  writeFileSync(path, JSON.stringify(result));
  t.is(cli(path, '--json').status, 1);
  writeFileSync(path, '{"schemaVersion": 1}');
  const none = cli(path);
  t.is(none.status, 2);
  t.regex(none.stderr, /cannot be reproduced/);
});
