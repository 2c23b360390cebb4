import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { normalize } from '../dist/clip/normalize.js';
import { readClip } from '../dist/clip/readClip.js';
import { readFrames } from '../dist/clip/readFrames.js';
import { writeNpy } from '../dist/files/npy.js';
import { clip, modelInput, pixel } from './fixtures/clips/helpers.mjs';

const folder = async (t) => {
  const path = await mkdtemp(join(tmpdir(), 'fep-array-'));
  t.teardown(() => rm(path, { recursive: true }));
  return path;
};

test('T×H×W×3 bytes are frames', async (t) => {
  const stack = await readFrames(clip('npy/frames.npy'), { frames: 2 });
  t.deepEqual([stack.frames, stack.height, stack.width, stack.sourceFrames], [2, 4, 6, 5]);
  t.deepEqual(stack.indices, [1, 3]);
  t.deepEqual(pixel(stack, 1, 2, 2), [150, 160, 170]);
  const read = await readClip(clip('npy/frames.npy'), modelInput({ frames: 5, height: 2, width: 3 }));
  t.deepEqual([...read.rgb.subarray(-3)], [200, 210, 220]);
});

test('C×T×H×W floats are taken as they are', async (t) => {
  const path = join(await folder(t), 'clip.npy');
  const input = modelInput({
    frames: 2,
    height: 3,
    width: 4,
    mean: [0.4, 0.5, 0.6],
    std: [0.2, 0.3, 0.4],
    channelOrder: 'BGR',
  });
  const rgb = Uint8Array.from({ length: 2 * 3 * 4 * 3 }, (_, i) => (i * 7) % 256);
  const data = normalize(rgb, input);
  await writeNpy(path, { data, shape: [3, 2, 3, 4] });
  const read = await readClip(path, input);
  t.deepEqual(read.data, data);
  t.deepEqual(read.rgb, rgb);
  await writeNpy(path, { data: Float64Array.from(data), shape: [3, 2, 3, 4] });
  t.deepEqual((await readClip(path, input)).data, data);
});

test('shapes that do not fit are named', async (t) => {
  const path = join(await folder(t), 'clip.npy');
  await writeNpy(path, { data: new Float32Array(3 * 4 * 5 * 6), shape: [3, 4, 5, 6] });
  const error = await t.throwsAsync(readClip(path, modelInput()));
  t.is(error.code, 'FEP_SHAPE');
  t.true(error.message.includes('(3, 4, 5, 6)') && error.message.includes('(3, 4, 12, 16)'), error.message);
  t.is((await t.throwsAsync(readFrames(path))).code, 'FEP_SHAPE');
  await writeNpy(path, { data: new Uint8Array(24), shape: [2, 3, 4] });
  t.is((await t.throwsAsync(readClip(path, modelInput()))).code, 'FEP_SHAPE');
});

test('NaN and files that are no array', async (t) => {
  const path = join(await folder(t), 'clip.npy');
  const input = modelInput({ frames: 1, height: 1, width: 1 });
  await writeNpy(path, { data: new Float32Array([0, Number.NaN, 0]), shape: [3, 1, 1, 1] });
  t.is((await t.throwsAsync(readClip(path, input))).code, 'FEP_NUMERIC');
  await writeFile(path, 'text');
  t.is((await t.throwsAsync(readClip(path, input))).code, 'FEP_CLIP_DECODE');
});

test('values far from those of normalised pixels are warned of', async (t) => {
  const path = join(await folder(t), 'clip.npy');
  const values = 3 * 2 * 3 * 4;
  const warningsOf = async (value, options) => {
    await writeNpy(path, {
      data: Float32Array.from({ length: values }, (_, i) => value(i)),
      shape: [3, 2, 3, 4],
    });
    return (await readClip(path, modelInput({ frames: 2, height: 3, width: 4, ...options }))).warnings;
  };
  const usual = { mean: [0.45, 0.45, 0.45], std: [0.225, 0.225, 0.225] };
  // The largest of the first 72 is 37 · 69 − 9 · 256 = 249.
  const bytes = (i) => (i * 37) % 256;
  for (const options of [usual, {}]) {
    const [warning, ...more] = await warningsOf(bytes, options);
    t.deepEqual(more, []);
    t.regex(warning, /go from 0 to 249; pixels normalised for this model lie between/);
    t.regex(warning, /T×H×W×3 uint8/);
  }
  // (0 − 0.45) / 0.225 and (1 − 0.45) / 0.225
  t.regex((await warningsOf(bytes, usual))[0], /between -2 and 2\.44\./);
  t.regex((await warningsOf((i) => -60 - i, usual))[0], /go from -131 to -60/);
  // Pixels, their normalised values, and noise about zero.
  t.deepEqual(await warningsOf((i) => bytes(i) / 255, {}), []);
  t.deepEqual(await warningsOf((i) => (bytes(i) / 255 - 0.45) / 0.225, usual), []);
  for (const options of [usual, {}])
    t.deepEqual(await warningsOf((i) => (i / (values - 1)) * 8 - 4, options), []);
});
