import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import sharp from 'sharp';
import { readClip } from '../dist/clip/readClip.js';
import { readFrames } from '../dist/clip/readFrames.js';
import { clip, expectedPixel, modelInput, pixel } from './fixtures/clips/helpers.mjs';

const folder = async (t) => {
  const path = await mkdtemp(join(tmpdir(), 'fep-folder-'));
  t.teardown(() => rm(path, { recursive: true }));
  return path;
};
const solid = (colour, width = 8, height = 6) =>
  sharp({ create: { width, height, channels: colour.length, background: rgba(colour) } });
const rgba = ([r, g, b, alpha]) => ({ r, g, b, ...(alpha === undefined ? {} : { alpha: alpha / 255 }) });

test('pictures in natural order, and nothing else', async (t) => {
  const path = await folder(t);
  for (const n of [10, 9, 2, 1])
    await solid([n, 2 * n, 3 * n])
      .png()
      .toFile(join(path, `img${n}.png`));
  await writeFile(join(path, 'notes.txt'), 'not a picture');
  await writeFile(join(path, '._img1.png'), 'not a picture either');
  await mkdir(join(path, 'sub.png'));
  const stack = await readFrames(path);
  t.deepEqual([stack.frames, stack.height, stack.width, stack.fps], [4, 6, 8, 25]);
  [1, 2, 9, 10].forEach((n, i) => {
    t.deepEqual(pixel(stack, i, 5, 7), [n, 2 * n, 3 * n]);
  });
  const read = await readClip(path, modelInput({ frames: 2, height: 3, width: 3 }));
  t.deepEqual(read.indices, [1, 3]);
  t.deepEqual([...read.rgb.subarray(0, 3)], [2, 4, 6]);
});

test('PNG, JPEG, WebP, TIFF and BMP', async (t) => {
  const path = await folder(t);
  const colour = [40, 120, 200];
  await solid(colour, 32, 24).png().toFile(join(path, '1.png'));
  await solid(colour, 32, 24).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toFile(join(path, '2.jpg'));
  await solid(colour, 32, 24).webp({ lossless: true }).toFile(join(path, '3.webp'));
  await solid(colour, 32, 24).tiff().toFile(join(path, '4.TIFF'));
  const { copyFile } = await import('node:fs/promises');
  await copyFile(clip('still.bmp'), join(path, '5.bmp'));
  const stack = await readFrames(path);
  t.is(stack.frames, 5);
  for (const i of [0, 1, 2, 3])
    pixel(stack, i, 3, 3).forEach((v, c) => {
      t.true(Math.abs(v - colour[c]) <= 2, `${i}: ${v}`);
    });
  t.deepEqual(pixel(stack, 4, 3, 7), expectedPixel(0, 7));
});

test('alpha, gray and 16 bits', async (t) => {
  const path = await folder(t);
  await solid([200, 100, 50, 102]).png().toFile(join(path, '1.png'));
  await solid([77, 77, 77]).toColourspace('b-w').png().toFile(join(path, '2.png'));
  const sixteen = Uint16Array.from({ length: 8 * 6 * 3 }, (_, i) => [0x1234, 0x8080, 0xffff][i % 3]);
  const raw = { width: 8, height: 6, channels: 3 };
  await sharp(sixteen, { raw }).toColourspace('rgb16').png().toFile(join(path, '3.png'));
  const stack = await readFrames(path);
  t.deepEqual(pixel(stack, 0, 0, 0), [80, 40, 20]);
  t.deepEqual(pixel(stack, 1, 0, 0), [77, 77, 77]);
  t.deepEqual(pixel(stack, 2, 0, 0), [0x12, 0x80, 0xff]);
  t.regex(stack.warnings.join(), /transparent/);
});

test('an EXIF orientation is applied', async (t) => {
  const path = await folder(t);
  const raw = { width: 2, height: 1, channels: 3 };
  await sharp(Uint8Array.from([255, 0, 0, 0, 0, 255]), { raw })
    .withMetadata({ orientation: 6 })
    .png()
    .toFile(join(path, '1.png'));
  const stack = await readFrames(path);
  t.deepEqual([stack.height, stack.width], [2, 1]);
  t.deepEqual(pixel(stack, 0, 0, 0), [255, 0, 0]);
});

test('refusals: no picture, another size, a broken picture', async (t) => {
  const path = await folder(t);
  const refuse = async (message) => {
    const error = await t.throwsAsync(readFrames(path));
    t.is(error.code, 'FEP_CLIP_DECODE');
    t.regex(error.message, message);
  };
  await refuse(/no picture/);
  await solid([1, 2, 3]).png().toFile(join(path, 'a.png'));
  await solid([1, 2, 3], 9).png().toFile(join(path, 'b.png'));
  await refuse(/a\.png is 8×6, b\.png is 9×6/);
  await writeFile(join(path, 'b.png'), 'no picture at all');
  await refuse(/b\.png/);
});

test('fewer pictures than asked repeat', async (t) => {
  const path = await folder(t);
  await solid([9, 9, 9]).png().toFile(join(path, 'only.png'));
  const stack = await readFrames(path, { frames: 3 });
  t.deepEqual(stack.indices, [0, 0, 0]);
  t.regex(stack.warnings.join(), /repeated/);
});

/** Files that are no pictures but have names; those that are read need `numbered`. */
const named = async (t, names) => {
  const path = await folder(t);
  await Promise.all(names.map((name) => writeFile(join(path, name), '')));
  return path;
};
/** Pictures whose red is their place in the list. */
const numbered = async (t, names) => {
  const path = await folder(t);
  for (const [i, name] of names.entries())
    await solid([i + 1, 0, 0])
      .toFormat('png')
      .toFile(join(path, name));
  return path;
};
const order = async (path, options) => {
  const stack = await readFrames(path, options);
  return {
    reds: [...Array(stack.frames).keys()].map((i) => pixel(stack, i, 0, 0)[0]),
    warnings: stack.warnings,
  };
};
const range = (n, name) => Array.from({ length: n }, (_, i) => name(i));
const padded = (i, width = 5) => String(i).padStart(width, '0');

const SEVERAL = {
  'frames and their flow': [
    range(8, (i) => [`img_${padded(i)}.jpg`, `flow_x_${padded(i)}.jpg`, `flow_y_${padded(i)}.jpg`]).flat(),
    ['flow_x_*.jpg (8)', 'flow_y_*.jpg (8)', 'img_*.jpg (8)'],
    "'img_*.jpg'",
  ],
  'flow named x and y': [
    range(8, (i) => [`img_${i}.jpg`, `x_${i}.jpg`, `y_${i}.jpg`]).flat(),
    ['img_*.jpg (8)', 'x_*.jpg (8)', 'y_*.jpg (8)'],
    "'img_*.jpg'",
  ],
  'masks of the same names': [
    range(8, (i) => [`${padded(i)}.jpg`, `${padded(i)}.png`]).flat(),
    ['*.jpg (8)', '*.png (8)'],
    "'*.jpg'",
  ],
  'masks beside plain numbers': [
    range(8, (i) => [`${padded(i)}.png`, `mask_${padded(i)}.png`]).flat(),
    ['[0-9]*.png (8)', 'mask_*.png (8)'],
    "'[0-9]*.png'",
  ],
  'two clips': [
    range(6, (i) => [`a_${i}.png`, `b_${i}.png`]).flat(),
    ['a_*.png (6)', 'b_*.png (6)'],
    "'a_*.png'",
  ],
  'two numbered clips': [
    range(6, (i) => [`video_03_frame_${padded(i)}.png`, `video_04_frame_${padded(i)}.png`]).flat(),
    ['video_03_frame_*.png (6)', 'video_04_frame_*.png (6)'],
    "'video_03_frame_*.png'",
  ],
  'a picture without a number': [
    ['start.png', ...range(5, (i) => `frame_${i}.png`)],
    ['frame_*.png (5)', 'start.png (1)'],
    "'frame_*.png'",
  ],
  "characters of the shell's own": [
    ["it's [1] 1.png", "it's [1] 2.png", "it's [1] 3.png", 'b*1.png', 'b*2.png', 'b*3.png'],
    ['b[*]*.png (3)', "it's [[]1] *.png (3)"],
    "'b[*]*.png'",
  ],
};
for (const [title, [names, series, choice]] of Object.entries(SEVERAL))
  test(`several series are listed, and how to choose: ${title}`, async (t) => {
    const path = await named(t, names);
    const error = await t.throwsAsync(readFrames(path));
    t.is(error.code, 'FEP_USAGE');
    t.true(error.message.endsWith(`: ${series.join(', ')}.`), error.message);
    t.true(error.message.includes(`${series.length} series`));
    t.true(error.hint.includes(`--frames-pattern ${choice}`), error.hint);
  });

test('a pattern chooses one of several series', async (t) => {
  const path = await numbered(t, ['img_1.png', 'img_2.png', 'flow_x_1.png', 'flow_x_2.png']);
  t.deepEqual(await order(path, { framesPattern: 'flow_x_*.png' }), { reds: [3, 4], warnings: [] });
  t.deepEqual((await order(path, { framesPattern: 'img_[2-9].png' })).reds, [2]);
  t.deepEqual((await order(path, { framesPattern: 'img_?.{png,jpg}' })).reds, [1, 2]);
  const read = await readClip(path, modelInput({ frames: 2 }), { framesPattern: 'img_*' });
  t.is(read.framesPattern, 'img_*');
  for (const [framesPattern, message] of [
    ['*.jpg', /None of the 4 pictures/],
    ['[z-a]', /is not a valid glob/],
    ['*', /2 series/],
    [7, /framesPattern is 7/],
  ]) {
    const error = await t.throwsAsync(readFrames(path, { framesPattern }));
    t.is(error.code, 'FEP_USAGE', String(framesPattern));
    t.regex(error.message, message);
  }
  for (const source of [clip('exact.mkv'), clip('exact.gif'), clip('npy/frames.npy')]) {
    const error = await t.throwsAsync(readFrames(source, { framesPattern: '*' }));
    t.is(error.code, 'FEP_USAGE', source);
    t.regex(error.message, /not a folder/);
  }
});

const ONE = {
  'without zeros in front': range(12, (i) => `frame${i}.png`),
  'extensions that take turns': range(6, (i) => `${i}.${['png', 'jpg', 'PNG'][i % 3]}`),
  'a date, a video, and a number in the middle': range(5, (i) => `2026-11-29_v03_f${padded(i)}_rgb.png`),
  'a time of day': ['23-59-58', '23-59-59']
    .map((time) => `2026-11-28_${time}.png`)
    .concat(['00-00-00', '00-00-01'].map((time) => `2026-11-29_${time}.png`)),
  'odd characters': range(8, (i) => `f r%d#${i}.png`),
  'a shot before the number': range(12, (i) => `shot1.${i + 1}.png`),
  'a number with a place beside it': range(
    6,
    (i) => `frame_${padded(i)}_x${(i * 7) % 3}_y${(i * 5) % 2}.png`,
  ),
  'decimals at an even pace': ['0.0', '0.25', '0.5', '0.75', '1.0'].map((time) => `t${time}.png`),
  'a dash before every number': range(4, (i) => `frame-${i + 1}.png`),
  'every fifth frame': range(5, (i) => `f_${padded(i * 5)}.png`),
  'no numbers': ['a.png', 'b.png', 'c.png'],
};
for (const [title, names] of Object.entries(ONE))
  test(`one series, in order, without a word: ${title}`, async (t) => {
    const expected = { reds: names.map((_, i) => i + 1), warnings: [] };
    t.deepEqual(await order(await numbered(t, names)), expected);
  });

const SAID = {
  'holes in the numbers': [
    [1, 2, 3, 4, 7, 8, 9, 12, 13].map((i) => `img_${padded(i)}.png`),
    /5, 6, 10 and 11 are missing/,
  ],
  'one hole': [[1, 2, 4, 5].map((i) => `${i}.png`), /numbers 3 is missing/],
  'a long hole': [[1, 2, 3, 9, 10].map((i) => `${i}.png`), /numbers 4 to 8 are missing/],
  'a hole in every fifth': [[0, 5, 10, 20, 25].map((i) => `${i}.png`), /numbers 15 is missing/],
  'no pace': [[3, 17, 40, 41, 90].map((i) => `${i}.png`), /unevenly spaced/],
  'decimals out of the order of their digits': [
    ['0.5', '1.25', '1.5', '2.0', '10.0'].map((time) => `frame_${time}.png`),
    /unevenly spaced/,
  ],
  'numbers below 0': [['-2', '-1', '0', '1', '2'].map((i) => `frame_${i}.png`), /below 0: frame_-2\.png/],
  'minuses after a dash': [['-1', '0', '1'].map((i) => `frame-${i}.png`), /below 0: frame--1\.png/],
  'the same number twice': [
    ['frame01.png', 'frame1.png', 'frame2.png'],
    /same number: frame01\.png and frame1\.png/,
  ],
  'names of all kinds': [['3f2a9c.png', '77b.png', 'ab12.png'], /not numbered alike/],
};
for (const [title, [names, message]] of Object.entries(SAID))
  test(`in order, with a warning: ${title}`, async (t) => {
    const { reds, warnings } = await order(await numbered(t, names));
    t.deepEqual(
      reds,
      names.map((_, i) => i + 1),
    );
    t.is(warnings.length, 1, warnings.join());
    t.regex(warnings[0], message);
  });
