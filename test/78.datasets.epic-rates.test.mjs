// EPIC-Kitchens-Object's tables count 60 frames a second, videos have other rates: which of their frames are read, and
// where boxes lie. Every frame of the videos made here carries its number; what is expected was computed by hand.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { writeVideo } from 'fep-native';
import { openDataset } from 'fep-native/datasets';
import { badRate, videoFrame } from '../dist/datasets/epic-object/frameRate.js';
import { videoRate } from '../dist/video/videoRate.js';
import { clip, decoders, modelInput } from './fixtures/clips/helpers.mjs';
import { refusal } from './helpers/datasets.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const BITS = 12;
const BLOCK = 8;
const [HEIGHT, WIDTH] = [16, BITS * BLOCK];
const wholeFrames = (frames) => modelInput({ frames, height: HEIGHT, width: WIDTH });

const NTSC = 30000 / 1001;
const RATES = [
  { name: '29.97', rate: NTSC },
  { name: '50', rate: 50 },
  { name: '59.94', rate: 2 * NTSC },
  { name: '60', rate: 60 },
];

/** Frames whose number is written into them, a block of white or black for each of its bits. */
function numbered(frames) {
  const pixels = new Uint8Array(frames * HEIGHT * WIDTH * 3);
  for (let n = 0; n < frames; n++)
    for (let y = 0; y < HEIGHT; y++)
      for (let bit = 0; bit < BITS; bit++) {
        const from = ((n * HEIGHT + y) * WIDTH + bit * BLOCK) * 3;
        pixels.fill((n >> bit) & 1 ? 235 : 16, from, from + BLOCK * 3);
      }
  return pixels;
}

/** The numbers in a clip's frames. */
function numbersIn({ rgb, frames }) {
  const bit = (t, b) => rgb[((t * HEIGHT + HEIGHT / 2) * WIDTH + b * BLOCK + BLOCK / 2) * 3] > 128;
  return Array.from({ length: frames }, (_, t) =>
    Array.from({ length: BITS }, (_, b) => (bit(t, b) ? 2 ** b : 0)).reduce((sum, value) => sum + value),
  );
}

/** A data set of one video and of segments `[start, stop, boxes]`, numbered from 1. */
async function epic(t, { rate, frames, listed = rate, segments }) {
  const root = temporaryFolder(t);
  const options = { height: HEIGHT, width: WIDTH, fps: rate, crf: 10, preset: 'ultrafast' };
  await writeVideo(join(root, 'P01_01.mp4'), numbered(frames), options);
  writeTables(root, listed, segments);
  return `epic-object:${root}`;
}

function writeTables(root, listed, segments) {
  writeFileSync(
    join(root, 'EPIC_video_info.csv'),
    `video,resolution,duration,fps\nP01_01,${WIDTH}x${HEIGHT},1,${listed}\n`,
  );
  writeFileSync(join(root, 'Valid_seg_top20_noun_labels.csv'), 'noun,noun_label\ncup,0\n');
  const rows = segments.map(
    ([start, stop, boxes = '{}'], i) => `${i + 1},P01_01,cup,0,${start},${stop},"${boxes}"\n`,
  );
  const head = 'seg_id,video_id,noun,noun_label,start_frame,stop_frame,bounding_boxes\n';
  writeFileSync(join(root, 'Valid_seg_top20_1_val.csv'), head + rows.join(''));
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

// Second 1 to 2 and second 32 to 33: frame n is at (n − 1)/60 s, and so frame (n − 1)/60 · rate of the video.
const SEGMENTS = [
  [61, 120],
  [1921, 1980],
];
const READ = {
  29.97: [
    [30, 59], // 29.97 and 59.44
    [959, 989], // 959.04 and 988.51
  ],
  50: [
    [50, 99], // 50 and 99.17
    [1600, 1649], // 1600 and 1649.17
  ],
  59.94: [
    [60, 119], // 59.94 and 118.88
    [1918, 1977], // 1918.08 and 1977.02
  ],
  60: [
    [60, 119],
    [1920, 1979],
  ],
};

for (const { name, rate } of RATES)
  test(`a segment of a video of ${name} frames a second is its part by time, early and late`, async (t) => {
    const set = await epic(t, { rate, frames: Math.ceil(34 * rate), segments: SEGMENTS });
    const { samples } = await openDataset(set);
    for (const decoder of decoders)
      for (const [i, [first, last]] of READ[name].entries()) {
        const { clip } = await samples[i].read(wholeFrames(last - first + 1), { decoder });
        t.deepEqual(numbersIn(clip), range(first, last), `${decoder}, segment ${i}`);
        t.deepEqual(clip.warnings, []);
      }
  });

// Of one frame, the middle of second 1 to 2 is read: frame 45, 75, 90 and 90. A box reaches 15 frames of the table, which
// are 7.49, 12.5, 14.99 and 15 of the video: 7, 12, 15 and 15. So boxes count which lie on frames 38 to 52, 63 to 87 and
// 75 to 105; (76 − 1)/60 s is 37.46, 62.5 (the earlier of two as near: 62), 74.93 and 75, (107 − 1)/60 s is 52.95 and so on.
const MIDDLE = { 29.97: 45, 50: 75, 59.94: 90, 60: 90 };
const COUNTED = { 29.97: [77, 106], 50: [77, 106], 59.94: [76, 106], 60: [76, 106] };

for (const { name, rate } of RATES)
  test(`a box counts for a quarter of a second before and after it at ${name} frames a second`, async (t) => {
    const numbers = range(70, 112);
    const segments = numbers.map((n) => [61, 120, `{${n}: (4, 8, 8, 16)}`]);
    const { samples } = await openDataset(await epic(t, { rate, frames: Math.ceil(3 * rate), segments }));
    const counted = [];
    for (const [i, sample] of samples.entries()) {
      const { clip, boxes } = await sample.read(wholeFrames(1));
      t.deepEqual(clip.indices, [MIDDLE[name]]);
      if (boxes.annotated[0]) counted.push(numbers[i]);
    }
    t.deepEqual(counted, range(...COUNTED[name]));
  });

test('of several sampled frames a box goes to the nearest in time', async (t) => {
  const segments = [[61, 120, '{61: (4, 8, 8, 16), 91: (0, 0, 4, 4)}']];
  const { samples } = await openDataset(await epic(t, { rate: NTSC, frames: 90, segments }));
  const { clip, boxes } = await samples[0].read(wholeFrames(6));
  // Of 30 to 59 the middles of six fives: 32, 37, … 57. Frame 61 of the table is 29.97 → 30, frame 91 is 44.96 → 45.
  t.deepEqual(clip.indices, [32, 37, 42, 47, 52, 57]);
  t.deepEqual(boxes.annotated, [true, false, false, true, false, false]);
});

test('rates do not drift: far into long videos', (t) => {
  // 1666.65 s.
  t.is(videoFrame(100_000, 60), 99_999);
  t.is(videoFrame(100_000, 2 * NTSC), 99_899); // 99,899.1
  t.is(videoFrame(100_000, NTSC), 49_950); // 49,949.55
  t.is(videoFrame(100_000, 50), 83_332); // 83,332.5: the earlier
  t.is(videoFrame(1, NTSC), 0);
});

test('segments that go beyond the end of their video are refused by name', async (t) => {
  // 100 frames are 3.337 s, 200.2 frames of a table: the last of them is shown while its frame 201 begins.
  const segments = [
    [141, 200],
    [141, 201],
    [141, 202],
    [1000, 1010],
    [141, 200, '{241: (4, 8, 8, 16)}'],
  ];
  const set = await epic(t, { rate: NTSC, frames: 100, segments });
  const { samples } = await openDataset(set);
  for (const decoder of decoders) {
    const read = (i) => samples[i].read(wholeFrames(2), { decoder });
    // 140·0.4995 is 69.93, 199·0.4995 is 99.4: 70 to 99, whose halves' middles are 77 and 92.
    t.deepEqual(numbersIn((await read(0)).clip), [77, 92]);
    t.deepEqual(numbersIn((await read(1)).clip), [77, 92]);
    t.is(
      await refusal(read(2)),
      'FEP_DATASET P01_01_3: it ends with frame 202, the video has 100 frames at 29.97 a second, 201 at 60',
    );
    t.regex(
      await refusal(read(3)),
      /^FEP_DATASET P01_01_4: it starts with frame 1000, after the end of .*P01_01\.mp4$/,
    );
    // 240·0.4995 is 119.88, the 121st frame.
    t.is(
      await refusal(read(4)),
      'FEP_DATASET P01_01_5: there are boxes for frame 241 (121 of the video), but the clip ends with frame 100',
    );
  }
});

test('a rate that is not the listed one is a problem of the data set', async (t) => {
  const message = (real, listed) =>
    new RegExp(
      `^its video .* has ${real} frames a second, EPIC_video_info.csv says ${listed}: it is another`,
    );
  for (const [rate, listed, problem] of [
    [NTSC, '29.97', undefined],
    [NTSC, '29.9700299700299', undefined],
    [NTSC, '', undefined],
    [2 * NTSC, '59.94', undefined],
    [60, '59.94', message('60', '59.94')],
    [NTSC, '59.94', message('29.97', '59.94')],
  ]) {
    const set = await epic(t, { rate, frames: 150, listed, segments: [[61, 120]] });
    const { problems, samples } = await openDataset(set, { skipErrors: true });
    t.is(samples.length, problem ? 0 : 1);
    if (problem) t.regex(problems[0].message, problem);
  }
  const set = await epic(t, { rate: 60, frames: 150, listed: 'often', segments: [[61, 120]] });
  t.regex(
    await refusal(openDataset(set)),
    /EPIC_video_info\.csv line 2: the fps is often, expected e\.g\. 59\.94$/,
  );
  t.is(badRate(undefined, 60), 'does not say how many frames a second it has');
});

test('a video whose rate varies has no frames by time, and is refused', async (t) => {
  const root = temporaryFolder(t);
  writeFileSync(join(root, 'P01_01.mkv'), readFileSync(clip('variable-rate.mkv')));
  // Of five frames the first three are evenly spaced; whoever reads no more than those is told as well.
  writeTables(root, '', [
    [1, 6],
    [1, 24],
  ]);
  const { samples } = await openDataset(`epic-object:${root}`);
  for (const decoder of decoders)
    for (const [i, sample] of samples.entries())
      t.regex(
        await refusal(sample.read(modelInput(), { decoder })),
        new RegExp(`^FEP_DATASET P01_01_${i + 1}: the frame rate of its video varies`),
      );
});

test('a file that is no video is found when the data set is opened', async (t) => {
  const root = temporaryFolder(t);
  writeFileSync(join(root, 'P01_01.mp4'), 'no video');
  writeTables(root, 60, [[1, 6]]);
  const { problems } = await openDataset(`epic-object:${root}`, { skipErrors: true });
  t.is(problems.length, 1);
  t.regex(problems[0].message, /P01_01\.mp4 is not a video that can be decoded/);
});

test('a folder’s frames are numbered as the tables are, whatever the video’s rate', async (t) => {
  const set = await epic(t, { rate: NTSC, frames: 4, segments: [[61, 64, '{62: (4, 8, 8, 16)}']] });
  const root = set.slice('epic-object:'.length);
  rmSync(join(root, 'P01_01.mp4'));
  mkdirSync(join(root, 'P01_01'));
  const picture = readFileSync(clip('still.bmp'));
  for (const n of range(61, 64)) writeFileSync(join(root, 'P01_01', `frame_00000000${n}.bmp`), picture);
  const { samples } = await openDataset(set);
  const { clip: read, boxes } = await samples[0].read(wholeFrames(4));
  t.deepEqual(read.indices, [0, 1, 2, 3]);
  t.deepEqual(boxes.annotated, [false, true, false, false]);
});

test('the rate by a file’s header is the rate that decoding it gives', async (t) => {
  for (const decoder of decoders) {
    t.is(await videoRate(clip('exact.mkv'), { decoder }), 10);
    const error = await t.throwsAsync(videoRate(clip('exact.mkv'), { decoder, signal: AbortSignal.abort() }));
    t.is(error.code, 'FEP_ABORTED');
    t.is((await t.throwsAsync(videoRate(clip('audio-only.m4a'), { decoder }))).code, 'FEP_CLIP_DECODE');
  }
});
