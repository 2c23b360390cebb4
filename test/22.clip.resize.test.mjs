import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parseManifest, writeNpy } from 'fep-native';
import { resizePicture, scalePicture, scalePlane } from '../dist/clip/resize.js';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { reference } from './helpers/python.mjs';

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

/** From height × width to height × width: smaller, larger, both, half, a pixel, and nearly alike. */
const SIZES = [
  [240, 320, 128, 128],
  [64, 48, 32, 24],
  [37, 53, 20, 91],
  [9, 7, 40, 33],
  [1, 1, 5, 4],
  [3, 200, 7, 11],
  [50, 50, 49, 51],
  [2, 2, 1, 1],
];
const FILTERS = [true, false].flatMap((antialias) =>
  ['bilinear', 'bicubic'].map((interpolation) => ({ antialias, interpolation })),
);

/** Stripes, edges and noise: what filters differ on. */
function picture(height, width) {
  const data = new Uint8Array(height * width * 3);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    if (i % 3 === 0) data[i] = (x + y) % 3 === 0 ? 255 : 0;
    else data[i] = i % 3 === 1 ? 127 + 127 * Math.sin(0.3 * x) * Math.cos(0.2 * y) : (i * i * 7) % 251;
  }
  return { data, height, width };
}

test('every filter agrees with PyTorch, and so with OpenCV and Pillow, to one grey level', async (t) => {
  const folder = temporaryFolder(t);
  const cases = SIZES.flatMap(([fromHeight, fromWidth, height, width], name) =>
    FILTERS.map((filter) => ({ name, source: picture(fromHeight, fromWidth), height, width, ...filter })),
  );
  for (const { name, source } of cases)
    await writeNpy(join(folder, `${name}.npy`), {
      data: source.data,
      shape: [source.height, source.width, 3],
    });
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(cases.map(({ source: _, ...rest }) => rest)));
  await reference('resized.py', folder);
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
  cases.forEach(({ source, height, width, ...filter }, at) => {
    const found = resizePicture(source, height, width, { mode: 'stretch', ...filter });
    const worst = found.data.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[at][i])), 0);
    t.is(found.data.length, expected[at].length);
    t.true(worst <= 1, `${JSON.stringify({ ...filter, height, width })}: ${worst} grey levels`);
  });
  const differs = (a, b) => expected[a].some((value, i) => Math.abs(value - expected[b][i]) > 4);
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
  ])
    t.true(differs(a, b), 'the filters differ, so that one cannot pass for another');
});

test('without antialiasing only the pixels next to the centre count', (t) => {
  // A fifth: the centre of new pixel i lies on old pixel 5i + 2.
  const line = grey([10, 200, 30, 200, 200, 0, 0, 90, 0, 0], 10);
  t.deepEqual(red(scalePicture(line, 1, 2, { antialias: false })), [30, 90]);
  t.deepEqual(red(scalePicture(line, 1, 2, { antialias: false, interpolation: 'bicubic' })), [30, 90]);
  // Twice: 1/4 and 3/4 of the way; bicubic with a = −0.75 gives 0 and 255 weights whose sums overshoot both.
  const edge = grey([0, 0, 255, 255], 4);
  t.deepEqual(
    red(scalePicture(edge, 1, 8, { antialias: false })),
    [0, 0, 0, 64, 191, 255, 255, 255],
    'bilinear',
  );
  // At 1/4: weights −0.10546875 0.87890625 0.26171875 −0.03515625; at 3/4 the same from the other end.
  t.deepEqual(
    red(scalePicture(edge, 1, 8, { antialias: false, interpolation: 'bicubic' })),
    [0, 0, 0, Math.round(255 * (0.26171875 - 0.03515625)), Math.round(255 * (1 - 0.2265625)), 255, 255, 255],
    'clipped to bytes',
  );
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
  const filter = { antialias: true, interpolation: 'bilinear' };
  t.deepEqual(parse({ mode: 'stretch' }).input.resize, { mode: 'stretch', ...filter });
  t.deepEqual(parse(undefined).input.resize, { mode: 'stretch', ...filter });
  t.throws(() => parse({ mode: 'stretch', antialias: 'no' }), { message: /antialias/ });
  t.throws(() => parse({ mode: 'short-side', size: 9, interpolation: 'area' }), { message: /interpolation/ });
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
