// EPIC-Kitchens-Object in miniature: a 32×24 video of 10 frames, 60 a second, whose boxes were drawn at 320×240.
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openDataset } from 'fep-native/datasets';
import sharp from 'sharp';
import { modelInput } from './fixtures/clips/helpers.mjs';
import { copyOf, dataset, drawn, insideByFrame, refusal } from './helpers/datasets.mjs';

const EPIC = dataset('epic-object');
const input = modelInput();
const ids = ({ samples }) => samples.map(({ id }) => id);

/** Writes grey pictures of the given numbers. */
async function writeFrames(folder, numbers, { width = 32, height = 24 } = {}) {
  mkdirSync(folder, { recursive: true });
  const blank = { create: { width, height, channels: 3, background: 'grey' } };
  const picture = await sharp(blank).jpeg().toBuffer();
  for (const n of numbers) writeFileSync(join(folder, `frame_${String(n).padStart(10, '0')}.jpg`), picture);
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('segments of the list, nouns in the order of their labels', async (t) => {
  const { name, classes, samples } = await openDataset(`epic-object:${EPIC}`);
  t.is(name, 'epic-object');
  t.deepEqual(classes, ['tap', 'pan', 'cloth']);
  t.deepEqual(
    samples.map(({ id, label }) => `${label} ${id}`),
    ['tap P01_01_7', 'pan P01_01_8'],
  );
});

test('a segment is its part of the video; boxes (top, left, height, width) go to the nearest sampled frames', async (t) => {
  const { samples } = await openDataset(`epic-object:${EPIC}`);
  const { clip, boxes } = await samples[0].read(input);
  // Frames 3 to 10 from 1 on are 2 to 9 from 0 on; of eight, the middles of four pairs: numbers 4, 6, 8, 10.
  t.deepEqual(clip.indices, [3, 5, 7, 9]);
  // The box of frame 4 is on 4, that of 9 is as near to 8 as to 10 and goes to 8.
  t.deepEqual(boxes.annotated, [true, false, true, false]);
  t.deepEqual(drawn(boxes, input, 0).slice(1, 6), [
    '................',
    '.##.............',
    '.##.............',
    '.##.............',
    '................',
  ]);
  t.is(drawn(boxes, input, 2)[0], '..........######');
  t.deepEqual(insideByFrame(boxes), [6, 0, 6, 0]);
  t.deepEqual((await samples[1].read(input)).boxes.annotated, [false, false, false, false]);
});

test('frames instead of the video: all of them, or those of the segment only', async (t) => {
  const whole = copyOf(t, 'epic-object');
  rmSync(join(whole, 'videos'), { recursive: true });
  await writeFrames(join(whole, 'frames', 'P01', 'P01_01'), range(1, 12));
  const part = copyOf(t, 'epic-object');
  rmSync(join(part, 'videos'), { recursive: true });
  await writeFrames(join(part, 'P01_01'), range(3, 10));
  for (const [folder, indices] of [
    [whole, [3, 5, 7, 9]],
    [part, [1, 3, 5, 7]],
  ]) {
    const { samples } = await openDataset(`epic-object:${folder}`, { classes: ['tap'] });
    const { clip, boxes } = await samples[0].read(input);
    t.deepEqual(clip.indices, indices);
    t.deepEqual(insideByFrame(boxes), [6, 0, 6, 0]);
  }
  rmSync(join(part, 'P01_01', 'frame_0000000006.jpg'));
  t.is(
    await refusal(openDataset(`epic-object:${part}`, { classes: ['tap'] })),
    `FEP_DATASET P01_01_7: 7 of its 8 frames (3 to 10) are in ${join(part, 'P01_01')}`,
  );
});

test('frames that were scaled down need the videos’ own sizes', async (t) => {
  const folder = copyOf(t, 'epic-object');
  rmSync(join(folder, 'EPIC_video_info.csv'));
  const { samples } = await openDataset(`epic-object:${folder}`);
  const error = await t.throwsAsync(samples[0].read(input));
  t.is(error.code, 'FEP_DATASET');
  t.is(error.message, 'P01_01_7: its frames are 32×24, smaller than the videos that boxes were drawn on');
  t.regex(error.hint, /EPIC_video_info\.csv/);
  // Frames as large as videos are taken to be at the video's size.
  rmSync(join(folder, 'videos'), { recursive: true });
  await writeFrames(join(folder, 'P01_01'), range(3, 10), { width: 1280, height: 720 });
  const large = await openDataset(`epic-object:${folder}`, { classes: ['tap'] });
  const { boxes } = await large.samples[0].read(input);
  // Centres lie every 80×60 pixels from 40 and 30 on: (20…60, 40…100) holds (40, 90).
  t.is(drawn(boxes, input, 0)[1], '#...............');
  t.deepEqual(insideByFrame(boxes), [1, 0, 0, 0], 'the box of frame 9, 20 pixels high, holds no centre');
});

test('everything that is wrong is named, and the rest runs when errors are skipped', async (t) => {
  const options = { split: 'test', skipErrors: true };
  const set = await openDataset(`epic-object:${EPIC}`, options);
  t.deepEqual(ids(set), ['P01_01_7', 'P01_01_28']);
  const line = (n) => `Faulty_seg_top20_test.csv line ${n}`;
  t.deepEqual(Object.fromEntries(set.problems.map(({ where, message }) => [where, message])), {
    P01_01_7: 'the id was given to an earlier sample',
    P01_01_20: "fridge is none of the data set's classes",
    P01_01_21: 'its label is 1, that of tap is 0',
    P09_01_22: 'there are neither frames nor a video of P09_01',
    P01_01_23: 'the box x 320, y 40, width 40, height 60 of frame 4 lies outside the 320×240 frame',
    P01_01_24: 'the box x 20, y 40, width 40, height 0 of frame 4 has no positive size',
    [line(9)]: 'frames 10 to 3 are not a range; they are counted from 1',
    [line(10)]: 'bounding_boxes should be {frame: (top, left, height, width), …}',
    [line(11)]: "the video's id is ../P01_01, expected one like P01_01",
  });
  t.is(
    await refusal(set.samples[1].read(input)),
    'FEP_DATASET P01_01_28: it ends with frame 11, the video has 10 frames',
  );
});

test('splits are ends of table names', async (t) => {
  t.deepEqual(ids(await openDataset(`epic-object:${EPIC}`, { split: '4_val' })), ['P01_01_7', 'P01_01_8']);
  const folder = copyOf(t, 'epic-object');
  t.regex(
    await refusal(openDataset(`epic-object:${folder}`, { split: 'train' })),
    /^FEP_USAGE 0 tables in .* are of a split train\.$/,
  );
  const table = 'Valid_seg_top20_4_val.csv';
  cpSync(join(folder, table), join(folder, 'Other_seg_top20_4_val.csv'));
  t.regex(await refusal(openDataset(`epic-object:${folder}`)), /^FEP_USAGE 2 tables/);
  for (const file of [table, 'Other_seg_top20_4_val.csv', 'Faulty_seg_top20_test.csv'])
    rmSync(join(folder, file));
  t.regex(
    await refusal(openDataset(`epic-object:${folder}`)),
    /^FEP_DATASET .*: there is no table of segments$/,
  );
  renameSync(join(folder, 'Valid_seg_top20_noun_labels.csv'), join(folder, 'nouns.csv'));
  t.regex(
    await refusal(openDataset(`epic-object:${folder}`)),
    /^FEP_DATASET .*: there is no table of nouns$/,
  );
});

test('sampled: folders of some frames, described by boxes.json', async (t) => {
  const folder = copyOf(t, 'epic-object');
  t.regex(
    await refusal(openDataset(`epic-object:${folder}`, { split: 'sampled' })),
    /^FEP_DATASET P03_01_5: there is no folder .*cloth-take-P03_01_5$/,
  );
  const frames = join(folder, 'cloth-take-P03_01_5');
  await writeFrames(frames, [1, 2, 3]);
  t.is(
    await refusal(openDataset(`epic-object:${folder}`, { split: 'sampled' })),
    `FEP_DATASET P03_01_5: ${frames} has 3 pictures, expected 4`,
  );
  await writeFrames(frames, [4]);
  const { samples } = await openDataset(`epic-object:${folder}`, { split: 'sampled' });
  t.deepEqual(
    samples.map(({ id, label }) => [id, label]),
    [['P03_01_5', 'cloth']],
  );
  const { boxes } = await samples[0].read(input);
  // Pictures are frames 305, 320, 335 and 350: 301 is nearest to the first, 331 to the third.
  t.deepEqual(insideByFrame(boxes), [1, 0, 12, 0]);
  t.is(drawn(boxes, input, 0)[0], '#...............');
  t.is(drawn(boxes, input, 2)[0], '..........######');
  t.is(drawn(boxes, input, 2)[3], '.##.............');
  // Two frames, the second and the fourth picture: 331 is 11 from 320 and 19 from 350; 301 is 19 from 320, too far.
  const two = await samples[0].read(modelInput({ frames: 2 }));
  t.deepEqual(two.clip.indices, [1, 3]);
  t.deepEqual(insideByFrame(two.boxes), [12, 0]);
});

test('the nouns’ table must give each a label of its own', async (t) => {
  const folder = copyOf(t, 'epic-object');
  const file = join(folder, 'Valid_seg_top20_noun_labels.csv');
  for (const [rows, line] of [
    ['tap,0\npan,0\n', 3],
    ['tap,0\npan,7\n', 3],
    [',0\n', 2],
  ]) {
    writeFileSync(file, `noun,noun_label\n${rows}`);
    t.regex(
      await refusal(openDataset(`epic-object:${folder}`, { skipErrors: true })),
      new RegExp(`^FEP_DATASET Valid_seg_top20_noun_labels.csv line ${line}: expected each noun`),
    );
  }
});
