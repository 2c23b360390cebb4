import test from 'ava';
import { parseManifest } from 'fep-native';
import { resizePicture, scalePicture, scalePlane } from '../dist/clip/resize.js';

/** A picture whose three channels are v, 255 − v and 7. */
const grey = (values, width) => ({
  data: Uint8Array.from(values.flatMap((v) => [v, 255 - v, 7])),
  height: values.length / width,
  width,
});
const red = ({ data }) => [...data].filter((_, i) => i % 3 === 0);

test('enlarges with pixel centres at half integers', (t) => {
  const doubled = scalePicture(grey([0, 100], 2), 1, 4);
  t.deepEqual(red(doubled), [0, 25, 75, 100]);
  t.deepEqual([...doubled.data].slice(3, 6), [25, 230, 7]);
  t.deepEqual(red(scalePicture(grey([0, 100], 1), 4, 1)), [0, 25, 75, 100]);
});

test('shrinks by averaging under a triangle', (t) => {
  // Halving: support 2, weights 1/8 3/8 3/8 1/8; at the borders 3/7 3/7 1/7.
  const halved = red(scalePicture(grey([0, 80, 160, 240], 4), 1, 2));
  t.deepEqual(halved, [Math.round((0 * 3 + 80 * 3 + 160) / 7), Math.round((80 + 160 * 3 + 240 * 3) / 7)]);
  t.deepEqual(red(scalePicture(grey([50, 50, 50, 50, 50], 5), 1, 2)), [50, 50]);
});

// torch.nn.functional.interpolate(x, size, mode='bilinear', antialias=True), x[i] = 37 i mod 251, 6×5
const TORCH = [
  [
    [3, 4],
    [
      105.53570556640625, 103.88095092773438, 84.29761505126953, 100.57141876220703, 118.78125,
      125.34375762939453, 150.2083282470703, 122.78124237060547, 165.64283752441406, 128.13095092773438,
      108.54761505126953, 106.89285278320312,
    ],
  ],
  [
    [2, 2],
    [117.07955932617188, 106.93749237060547, 130.3466033935547, 121.63067626953125],
  ],
];

test('agrees with PyTorch', (t) => {
  const plane = Float32Array.from({ length: 30 }, (_, i) => (i * 37) % 251);
  for (const [[height, width], expected] of TORCH) {
    const scaled = scalePlane(plane, 6, 5, 1, height, width);
    scaled.forEach((value, i) => {
      t.true(Math.abs(value - expected[i]) < 1e-4, `${height}×${width} [${i}]: ${value}, ${expected[i]}`);
    });
  }
});

test('stretch does not keep the aspect ratio', (t) => {
  const out = resizePicture(grey([0, 100, 200, 250, 10, 20, 30, 40], 4), 3, 2, { mode: 'stretch' });
  t.deepEqual([out.height, out.width, out.data.length], [3, 2, 18]);
});

test('stretch to a size of its own, then crops the centre', (t) => {
  const picture = grey([0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24], 5);
  const same = { mode: 'stretch', height: 3, width: 5 };
  t.deepEqual(red(resizePicture(picture, 1, 2, same)), [11, 12]);
  const [height, width] = [4, 3];
  const scaled = scalePicture(picture, height, width);
  const cropped = resizePicture(picture, 2, 3, { mode: 'stretch', height, width });
  t.deepEqual([...cropped.data], [...scaled.data.subarray(9, 27)], 'rows 1 and 2 of 4');
  const small = { mode: 'stretch', height: 3, width: 2 };
  t.throws(() => resizePicture(picture, 3, 3, small), {
    code: 'FEP_SHAPE',
    message: /3×2, too small for a 3×3/,
  });
});

test('a manifest names both sides of a stretch, or none', (t) => {
  const input = { layout: 'NCTHW', frames: 16, height: 112, width: 112 };
  const parse = (resize) =>
    parseManifest({ name: 'm', input: { ...input, resize }, output: { activation: 'logits' } }, 'here');
  t.deepEqual(parse({ mode: 'stretch', height: 128, width: 171 }).input.resize.width, 171);
  t.deepEqual(parse({ mode: 'stretch' }).input.resize, { mode: 'stretch' });
  t.throws(() => parse({ mode: 'stretch', height: 128 }), { message: /height and width go together/ });
});

test('short-side scales, then crops the centre', (t) => {
  // 2×5 with its short side at 2 is not scaled; of the 5 columns 1 to 2 are kept: ⌊(5−2)/2⌋ = 1.
  const wide = grey([0, 1, 2, 3, 4, 10, 11, 12, 13, 14], 5);
  t.deepEqual(red(resizePicture(wide, 2, 2, { mode: 'short-side', size: 2 })), [1, 2, 11, 12]);
  const tall = grey([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 2);
  t.deepEqual(red(resizePicture(tall, 2, 2, { mode: 'short-side', size: 2 })), [2, 3, 4, 5]);
  const large = { data: new Uint8Array(240 * 320 * 3).fill(9), height: 240, width: 320 };
  const out = resizePicture(large, 112, 112, { mode: 'short-side', size: 128 });
  t.deepEqual([out.height, out.width], [112, 112]);
  t.true(out.data.every((v) => v === 9));
});

test('short-side smaller than the crop is refused', (t) => {
  const error = t.throws(() => resizePicture(grey([1, 2, 3, 4], 2), 4, 4, { mode: 'short-side', size: 3 }));
  t.is(error.code, 'FEP_SHAPE');
  t.regex(error.message, /3×3/);
});
