// `dataset inspect`: counts, problems and the contact sheet, without libtorch.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import sharp from 'sharp';
import { drawDatasetSheet } from '../dist/report/datasetSheet.js';
import { copyOf, dataset } from './helpers/datasets.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { cli, cliHere } from './helpers/program.mjs';

process.env.FEP_LIBTORCH = '/nonexistent/libtorch';
const inspect = (...args) => cli(['dataset', 'inspect', ...args]);
const inspectHere = (...args) => cliHere(['dataset', 'inspect', ...args]);

test('counts by class, what boxes cover, and a sheet', async (t) => {
  const sheet = join(temporaryFolder(t), 'deep', 'sheet.png');
  const { status, stdout, stderr } = inspect(`ucf101-24:${dataset('ucf101-24')}`, '--sheet', sheet, '--json');
  t.is(status, 0, stderr);
  const result = JSON.parse(stdout);
  t.is(result.name, 'ucf101-24');
  t.is(result.samples, 3);
  t.deepEqual(
    result.classes.filter(({ samples }) => samples > 0),
    [
      { name: 'Biking', samples: 1 },
      { name: 'Diving', samples: 1 },
      { name: 'Skiing', samples: 1 },
    ],
  );
  t.is(result.classes.length, 24);
  // 16 frames of 112×112 out of ten: ⌊(2i+1)·10/32⌋ is 0 0 1 2 2 3 4 4 5 5 6 7 7 8 9 9. Diving has 3 to 7: eight of them.
  t.like(result.read, { clips: 3, clipsWithBoxes: 2, frames: 48, annotatedFrames: 24 });
  // Of 320×240: the first actor 40×60 (once, in frame 9, also inside), the second 120×20 in frames 3 to 6, the diver 20×20.
  const share = (16 * 40 * 60 + 6 * 120 * 20 + 8 * 20 * 20) / (24 * 320 * 240);
  t.true(Math.abs(result.read.boxShare - share) < 0.002, `${result.read.boxShare}, by area ${share}`);
  t.deepEqual(result.problems, []);
  t.is(result.sheet, sheet);
  const { width, height } = await sharp(sheet).metadata();
  t.true(width > 1200 && height > 3 * 112, `${width}×${height}`);
});

test('people get the same in words', (t) => {
  const { status, stdout } = inspect('synthetic', '--classes', 'up, down', '--limit', '2');
  t.is(status, 0);
  t.regex(stdout, /^synthetic: 100 samples of 2 classes \(10 in all\)\n {2}up +50\n {2}down +50\n/);
  t.regex(
    stdout,
    /Read 2 clips: 2 have boxes, on 32 of 32 frames \(100\.0 %\); boxes cover \d+\.\d % of those\.\n/,
  );
  t.regex(stdout, /No problems\.\n$/);
});

test('problems are listed and end with 1, with --skip-errors with 0', (t) => {
  const folder = copyOf(t, 'ucf101-24');
  writeFileSync(join(folder, 'v_Skiing_g01_c01.mp4'), 'no video');
  writeFileSync(
    join(folder, 'testlist01.txt'),
    'Skiing/v_Skiing_g01_c01\nDiving/v_Diving_g01_c01\nDiving/v_Diving_g01_c02\n',
  );
  const { status, stdout } = inspect(`ucf101-24:${folder}`, '--json');
  t.is(status, 1);
  const { samples, problems } = JSON.parse(stdout);
  t.is(samples, 2);
  t.deepEqual(
    problems.map(({ where }) => where),
    ['v_Diving_g01_c02', 'v_Skiing_g01_c01'],
  );
  t.is(problems[0].message, 'there is no video Diving/v_Diving_g01_c02.avi');
  t.regex(problems[1].message, /could not be decoded|decode/);
  const skipping = inspect(`ucf101-24:${folder}`, '--skip-errors');
  t.is(skipping.status, 0);
  t.regex(skipping.stdout, /2 problems:\n {2}v_Diving_g01_c02: there is no video/);
});

test.serial('a data set that is none, and wrong usage', async (t) => {
  t.is(inspect('/nonexistent').status, 1);
  t.is((await inspectHere('nothing:x')).status, 2);
  t.is((await inspectHere('synthetic', '--limit', 'many')).status, 2);
  t.is((await inspectHere('synthetic', '--limit', '-1')).status, 2);
  t.is((await inspectHere('synthetic', '--classes', 'fly')).status, 2);
  t.is((await inspectHere('synthetic', '--model', 'nothing')).status, 3);
  t.false(existsSync('nothing'));
  const { status, stdout } = await inspectHere('--help');
  t.is(status, 0);
  for (const word of ['--sheet', '--skip-errors', 'ucf101-24:PATH', 'epic-object:PATH', 'manifest.csv'])
    t.true(stdout.includes(word), word);
});

test('the sheet outlines what is inside a box, and nothing else', async (t) => {
  const [frames, height, width] = [2, 20, 20];
  const inside = new Uint8Array(frames * height * width);
  for (let y = 5; y < 15; y++) inside.fill(1, y * width + 5, y * width + 15);
  const clip = {
    id: 'one',
    label: 'a',
    frames,
    height,
    width,
    rgb: new Uint8Array(inside.length * 3).fill(200),
  };
  const drawn = (boxes) => drawDatasetSheet([{ ...clip, boxes }]);
  const canvas = await drawn({ inside, annotated: [true, false] });
  const plain = await drawn(null);
  // A frame of 20 is drawn at 160 from (28, 28) on: the box is 68 … 147 on both axes.
  const at = (x, y) => [...canvas.data.subarray((y * canvas.width + x) * 3, (y * canvas.width + x) * 3 + 3)];
  const border = [255, 176, 0];
  for (const [x, y] of [
    [68, 68],
    [147, 147],
    [100, 68],
    [68, 100],
    [147, 69],
  ])
    t.deepEqual(at(x, y), border, `${x}, ${y}`);
  for (const [x, y] of [
    [67, 100],
    [148, 100],
    [100, 67],
    [100, 100],
    [72, 72],
  ])
    t.deepEqual(at(x, y), [200, 200, 200], `${x}, ${y}`);
  const secondFrame = 28 + 160 + 6;
  for (let y = 28; y < 188; y += 7) {
    const from = (y * canvas.width + secondFrame) * 3;
    t.deepEqual(canvas.data.subarray(from, from + 480), plain.data.subarray(from, from + 480));
  }
});
