// The readers on real files, which are not ours to pass on: this runs where `FEP_REAL` names a folder that has them.
// Expected numbers were counted with Python's pickle, NumPy and the definitions, not with the code under test.
import { join } from 'node:path';
import { findModel } from 'fep-native';
import { openDataset } from 'fep-native/datasets';
import pickles from '../dist/datasets/pickle/readPickle.js';
import { insideByFrame } from './helpers/datasets.mjs';
import { testUnless } from './helpers/testUnless.mjs';

const folder = process.env.FEP_REAL;
const real = testUnless(folder ? undefined : 'FEP_REAL names no folder');
const ucf = () => join(folder, 'ucf101-24');
const input = async () => (await findModel('r2plus1d-mini')).manifest.input; // 16 frames of 112×112, stretched

real('pyannot.pkl: 3,194 videos, 4,458 tubes, x + width beyond 255 in 1,445 of them', async (t) => {
  const videos = await pickles.readPickle(join(ucf(), 'pyannot.pkl'));
  t.is(videos.size, 3194);
  const annotations = [...videos.values()].map((video) => video.get('annotations'));
  t.is(Math.max(...annotations.map((tubes) => tubes.length)), 10);
  const tubes = annotations.flat().map((tube) => tube.get('boxes'));
  t.is(tubes.length, 4458);
  const sums = [0, 0, 0, 0];
  let rows = 0;
  let wrapping = 0;
  for (const { data, shape } of tubes) {
    rows += shape[0];
    for (const [i, value] of data.entries()) sums[i % 4] += value;
    const beyond = data.some((x, i) => i % 4 === 0 && x + data[i + 2] > 255);
    if (beyond && data.every((value) => value <= 255)) wrapping++; // such a tube is stored as uint8
  }
  t.deepEqual([rows, sums, wrapping], [573862, [67475860, 31222646, 46500264, 74332105], 1445]);
});

for (const [id, frames, expected] of [
  [
    'v_Biking_g01_c01',
    151,
    [1012, 1012, 1196, 1595, 2240, 2310, 2541, 3800, 4200, 4200, 5170, 5170, 5060, 3128, 3128, 2088],
  ],
  ['v_CliffDiving_g03_c01', 92, [0, 0, 0, 0, 336, 288, 252, 221, 221, 221, 160, 165, 165, 104, 0, 0]],
  [
    'v_Fencing_g01_c06',
    174,
    [5119, 5782, 5567, 5490, 4407, 4774, 5096, 4692, 5104, 5905, 5279, 4746, 5509, 5831, 5922, 6090],
  ],
  [
    'v_SoccerJuggling_g23_c01',
    240,
    [1334, 1276, 1276, 1276, 1596, 1682, 1682, 1664, 1664, 1664, 1664, 1664, 2310, 2310, 2310, 2310],
  ],
])
  real(`${id}: ${frames} frames as annotated, and boxes of the right size`, async (t) => {
    const { samples } = await openDataset(`ucf101-24:${ucf()}`, { split: 'all', skipErrors: true });
    t.is(samples.length, 4);
    const { clip, boxes } = await samples.find((sample) => sample.id === id).read(await input());
    t.is(clip.sourceFrames, frames);
    t.deepEqual(clip.warnings, []);
    t.deepEqual(insideByFrame(boxes), expected);
    t.deepEqual(
      boxes.annotated,
      expected.map((pixels) => pixels > 0),
    );
  });

real('the annotations of every video are sound: only videos that are not there are problems', async (t) => {
  const { problems } = await openDataset(`ucf101-24:${ucf()}`, { split: 'all', skipErrors: true });
  t.is(problems.length, 3190);
  t.true(problems.every(({ message }) => message.startsWith('there is no video ')));
  const tested = await openDataset(`ucf101-24:${ucf()}`, { skipErrors: true });
  t.is(tested.problems.length + tested.samples.length, 910);
  t.deepEqual(
    tested.samples.map(({ id }) => id),
    ['v_Biking_g01_c01', 'v_CliffDiving_g03_c01', 'v_Fencing_g01_c06'],
  );
});

real('the list of EPIC-Kitchens-Object: 100 segments whose frames are not there', async (t) => {
  const options = { skipErrors: true };
  const { classes, problems } = await openDataset(`epic-object:${join(folder, 'epic-object')}`, options);
  t.is(classes.length, 20);
  t.deepEqual([classes[0], classes[19]], ['tap', 'pot']);
  t.is(problems.length, 100);
  t.true(problems.every(({ message }) => message.startsWith('there are neither frames nor a video of P')));
});

real('a segment of sampled frames: boxes drawn at 1920×1440 on frames of 344×256', async (t) => {
  const { samples } = await openDataset(`epic-object:${join(folder, 'epic-object')}`, { split: 'sampled' });
  t.deepEqual(
    samples.map(({ id, label }) => [id, label]),
    [['P12_06_18977', 'cloth']],
  );
  const { boxes } = await samples[0].read(await input());
  t.deepEqual(insideByFrame(boxes), [0, 0, 432, 0, 0, 0, 980, 0, 0, 0, 0, 800, 0, 0, 0, 420]);
});
