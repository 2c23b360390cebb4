import { join } from 'node:path';
import test from 'ava';
import { parseManifest, readClip, writeNpy } from 'fep-native';
import { denormalize, normalize } from '../dist/clip/normalize.js';
import { fadeColour } from '../dist/methods/perturbation.js';
import { modelInput } from './fixtures/clips/helpers.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const near = (t, found, expected, message) => {
  t.is(found.length, expected.length, message);
  expected.forEach((value, i) => {
    const differs = Math.abs(found[i] - value);
    t.true(differs <= 1e-6 * Math.max(1, Math.abs(value)), `${message ?? ''} [${i}]: ${found[i]}, ${value}`);
  });
};

// One frame of two pixels, (0, 51, 102) and (255, 204, 153): 0 to 1 in fifths.
const RGB = Uint8Array.from([0, 51, 102, 255, 204, 153]);

test('pixels in the range that the model was trained on', (t) => {
  const plain = { mean: [0, 0, 0], std: [1, 1, 1], channelOrder: 'RGB' };
  const by = (more) => [...normalize(RGB, { ...plain, ...more })];
  near(t, by({ pixelRange: [0, 1] }), [0, 1, 0.2, 0.8, 0.4, 0.6]);
  near(t, by({}), [0, 1, 0.2, 0.8, 0.4, 0.6], 'when none is given');
  t.deepEqual(by({ pixelRange: [0, 255] }), [0, 255, 51, 204, 102, 153]);
  near(t, by({ pixelRange: [-1, 1] }), [-1, 1, -0.6, 0.6, -0.2, 0.2]);
  near(t, by({ pixelRange: [-1, 1], channelOrder: 'BGR' }), [-0.2, 0.2, -0.6, 0.6, -1, 1]);
});

test('mean and deviation are in units of the range', (t) => {
  // Caffe's way: BGR bytes less a mean colour.
  const caffe = { pixelRange: [0, 255], mean: [104, 117, 123], std: [1, 2, 1], channelOrder: 'BGR' };
  near(t, normalize(RGB, caffe), [102 - 104, 153 - 104, (51 - 117) / 2, (204 - 117) / 2, 0 - 123, 255 - 123]);
  // The same numbers by 255 in [0, 1] are the same clip.
  const byte = { pixelRange: [0, 255], mean: [127.5, 100, 50], std: [51, 102, 25.5], channelOrder: 'RGB' };
  const share = { ...byte, pixelRange: [0, 1], mean: [0.5, 100 / 255, 50 / 255], std: [0.2, 0.4, 0.1] };
  near(t, normalize(RGB, byte), [...normalize(RGB, share)]);
});

const RANGES = [
  [0, 1],
  [0, 255],
  [-1, 1],
  [-128, 127],
];

test('there and back again, whatever the range', (t) => {
  const rgb = Uint8Array.from({ length: 256 * 3 }, (_, i) => (i * 89) % 256);
  for (const pixelRange of RANGES)
    for (const channelOrder of ['RGB', 'BGR']) {
      const [low, high] = pixelRange;
      const mean = [0.4, 0.5, 0.6].map((share) => low + share * (high - low));
      const input = { pixelRange, mean, std: [0.2, 3, 40], channelOrder };
      t.deepEqual(denormalize(normalize(rgb, input), input), rgb, `${pixelRange} ${channelOrder}`);
    }
});

test('a clip is read in the range, and an array of floats is shown by it', async (t) => {
  const path = join(temporaryFolder(t), 'clip.npy');
  await writeNpy(path, { data: RGB, shape: [1, 1, 2, 3] });
  const input = modelInput({ frames: 1, height: 1, width: 2, pixelRange: [-1, 1] });
  const { data } = await readClip(path, input);
  near(t, data, [-1, 1, -0.6, 0.6, -0.2, 0.2]);
  await writeNpy(path, { data, shape: [3, 1, 1, 2] });
  t.deepEqual((await readClip(path, input)).rgb, RGB);
});

test('a fade to black fades to what a black picture is', (t) => {
  for (const pixelRange of RANGES) {
    const input = { layout: 'NCTHW', frames: 1, height: 1, width: 1, mean: [0.4, 0.5, 3], std: [1, 2, 3] };
    const manifest = parseManifest(
      { name: 'm', input: { ...input, pixelRange }, output: { activation: 'logits' } },
      'here',
    );
    near(
      t,
      fadeColour('black', manifest),
      [...normalize(new Uint8Array(3), manifest.input)],
      `${pixelRange}`,
    );
    t.deepEqual(fadeColour('mean', manifest), [0, 0, 0]);
  }
});

test('a range that does not rise is refused', (t) => {
  for (const pixelRange of [[1, 0], [1, 1], [0], 'bytes', [0, null]]) {
    const input = { layout: 'NCTHW', frames: 1, height: 1, width: 1, pixelRange };
    t.throws(() => parseManifest({ name: 'm', input, output: { activation: 'logits' } }, 'here'), {
      code: 'FEP_MODEL_LOAD',
      message: /pixelRange/,
    });
  }
});
