// UCF101-24 in miniature: 32×24 clips of 10 frames, so that 20 of the annotations' 320×240 pixels are one of a 16×12 model.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openDataset } from 'fep-native/datasets';
import pickles from '../dist/datasets/pickle/readPickle.js';
import { modelInput } from './fixtures/clips/helpers.mjs';
import { copyOf, dataset, drawn, insideByFrame, refusal } from './helpers/datasets.mjs';

const UCF = dataset('ucf101-24');
const input = modelInput();
const ids = ({ samples }) => samples.map(({ id }) => id);
const sampleOf = (set, id) => set.samples.find((sample) => sample.id === id);

test('the test split, in the order of its list', async (t) => {
  const set = await openDataset(`ucf101-24:${UCF}`);
  t.is(set.name, 'ucf101-24');
  t.is(set.classes.length, 24);
  t.deepEqual([set.classes[0], set.classes[5], set.classes[23]], ['Basketball', 'Diving', 'WalkingWithDog']);
  t.deepEqual(set.classes, [...set.classes].sort());
  t.deepEqual(
    set.samples.map(({ id, label }) => `${label} ${id}`),
    ['Biking v_Biking_g01_c01', 'Diving v_Diving_g01_c01', 'Skiing v_Skiing_g01_c01'],
  );
});

test('tubes are united and scaled to the clip; uint8 boxes do not wrap', async (t) => {
  const set = await openDataset(`ucf101-24:${UCF}`);
  const { clip, boxes } = await sampleOf(set, 'v_Biking_g01_c01').read(input);
  t.deepEqual(clip.indices, [1, 3, 6, 8]);
  t.deepEqual(clip.warnings, []);
  t.deepEqual(boxes.annotated, [true, true, true, true]);
  const nothing = '................';
  const expected = (top, actor) => [top, nothing, actor, actor, actor, ...Array(7).fill(nothing)];
  t.deepEqual(drawn(boxes, input, 0), expected(nothing, '.##.............'));
  t.deepEqual(drawn(boxes, input, 1), expected('..........######', '...##...........'));
  t.deepEqual(drawn(boxes, input, 2), expected('..........######', '......##........'));
  t.deepEqual(drawn(boxes, input, 3), expected(nothing, '........##......'));
});

test('frames before sf and from ef on have no annotation', async (t) => {
  const set = await openDataset(`ucf101-24:${UCF}`);
  const { boxes } = await sampleOf(set, 'v_Diving_g01_c01').read(modelInput({ frames: 10 }));
  t.deepEqual(boxes.annotated.map(Number).join(''), '0001111100');
  t.deepEqual(insideByFrame(boxes), [0, 0, 0, 1, 1, 1, 1, 1, 0, 0]);
});

test('a crop of the middle takes the boxes along', async (t) => {
  // 32×24 with its short side at 12 is 16×12; a 12×8 crop begins at column 2 (of 16) and row 2 (of 12).
  const cropped = modelInput({ height: 8, width: 12, resize: { mode: 'short-side', size: 12 } });
  const set = await openDataset(`ucf101-24:${UCF}`);
  const { boxes } = await sampleOf(set, 'v_Biking_g01_c01').read(cropped);
  t.deepEqual(drawn(boxes, cropped, 1).slice(0, 4), [
    '.##.........',
    '.##.........',
    '.##.........',
    '............',
  ]);
  t.deepEqual(insideByFrame(boxes), [3, 6, 6, 6], 'of frame 1 column 1 is cropped away');
});

test('a listed video without annotation is a sample without boxes', async (t) => {
  const set = await openDataset(`ucf101-24:${UCF}`);
  const { clip, boxes } = await sampleOf(set, 'v_Skiing_g01_c01').read(input);
  t.is(clip.sourceFrames, 10);
  t.is(boxes, null);
});

const FAULTS = {
  v_Biking_g01_c01: 'the id was given to an earlier sample',
  v_Archery_g01_c01: "Archery is none of the data set's classes",
  'trainlist01.txt line 4': 'expected Class/video, got ../Biking/v_Biking_g01_c01.avi 3',
  v_Skijet_g01_c01: 'there is no video Skijet/v_Skijet_g01_c01.avi',
  v_Surfing_g01_c01: 'its annotation has label 18, its class is number 19',
  v_Fencing_g01_c01: 'the box x 320, y 10, width 20, height 20 of frame 1 lies outside the 320×240 frame',
  v_Fencing_g01_c02: 'the box x 10, y 10, width 0, height 20 of frame 4 has no positive size',
  v_LongJump_g01_c01: 'a tube of 5 frames has boxes of shape (3, 4), expected (5, 4)',
  v_LongJump_g01_c02: 'a tube covers frames 8 to 11 of 10',
};

/** A copy in which every video of the faulty list but one is there. */
function faulty(t) {
  const folder = copyOf(t, 'ucf101-24');
  for (const video of Object.keys(FAULTS).filter((name) => /^v_(Sur|Fen|Lon)/.test(name)))
    writeFileSync(join(folder, `${video}.avi`), 'never read');
  writeFileSync(join(folder, 'v_LongJump_g01_c03.avi'), 'never read');
  return folder;
}

test('everything that is wrong is named, and the rest runs when errors are skipped', async (t) => {
  const folder = faulty(t);
  const set = await openDataset(`ucf101-24:${folder}`, { split: 'train', skipErrors: true });
  t.deepEqual(ids(set), ['v_Biking_g01_c01']);
  const { v_LongJump_g01_c03: invalid, ...named } = Object.fromEntries(
    set.problems.map(({ where, message }) => [where, message]),
  );
  t.deepEqual(named, FAULTS);
  t.regex(invalid, /^its annotation is not valid: .*label.*annotations/s);
  t.is(
    await refusal(openDataset(`ucf101-24:${folder}`, { split: 'train', classes: ['Surfing'] })),
    'FEP_DATASET trainlist01.txt line 4: expected Class/video, got ../Biking/v_Biking_g01_c01.avi 3',
  );
});

test('videos are found by class under UCF-101 or not, flat, in other formats and as folders of frames', async (t) => {
  const folder = copyOf(t, 'ucf101-24');
  const from = join(folder, 'UCF-101', 'Biking', 'v_Biking_g01_c01.avi');
  mkdirSync(join(folder, 'Biking'));
  for (const place of [
    'Biking/v_Biking_g01_c01.AVI',
    'Biking/v_Biking_g01_c01.mkv',
    'v_Biking_g01_c01.mp4',
  ]) {
    renameSync(from, join(folder, place));
    const { samples } = await openDataset(`ucf101-24:${folder}`, { classes: ['Biking'] });
    t.is((await samples[0].read(input)).clip.source, join(folder, place));
    renameSync(join(folder, place), from);
  }
  rmSync(from);
  const frames = join(folder, 'Biking', 'v_Biking_g01_c01');
  mkdirSync(frames);
  const { default: sharp } = await import('sharp');
  for (let n = 1; n <= 10; n++) {
    const blank = { create: { width: 32, height: 24, channels: 3, background: 'grey' } };
    await sharp(blank)
      .png()
      .toFile(join(frames, `${String(n).padStart(5, '0')}.png`));
  }
  const { samples } = await openDataset(`ucf101-24:${folder}`, { classes: ['Biking'] });
  t.deepEqual(insideByFrame((await samples[0].read(input)).boxes), [6, 12, 12, 6]);
});

test('all: every annotated video, by name', async (t) => {
  const set = await openDataset(`ucf101-24:${UCF}`, { split: 'all', classes: ['Diving', 'Biking'] });
  t.deepEqual(ids(set), ['v_Biking_g01_c01', 'v_Diving_g01_c01']);
});

test('lists and annotations may lie in splitfiles; without them the data set is refused', async (t) => {
  const folder = copyOf(t, 'ucf101-24');
  mkdirSync(join(folder, 'splitfiles'));
  for (const file of ['pyannot.pkl', 'testlist01.txt'])
    renameSync(join(folder, file), join(folder, 'splitfiles', file));
  t.is((await openDataset(`ucf101-24:${folder}`)).samples.length, 3);
  t.is(
    await refusal(openDataset(`ucf101-24:${folder}`, { split: 'test02' })),
    `FEP_DATASET ${folder}: there is no testlist02.txt`,
  );
  t.is(
    await refusal(openDataset(`ucf101-24:${folder}`, { split: 'validation' })),
    'FEP_USAGE UCF101-24 has no split validation.',
  );
  rmSync(join(folder, 'splitfiles', 'pyannot.pkl'));
  t.is(await refusal(openDataset(`ucf101-24:${folder}`)), `FEP_DATASET ${folder}: there is no pyannot.pkl`);
});

const pickle = (name) => pickles.readPickle(dataset(join('pickles', name)));

for (const protocol of [3, 4])
  test(`a pickle of protocol ${protocol}: NumPy arrays of all kinds, scalars and plain values`, async (t) => {
    const values = await pickle(`arrays-${protocol}.pkl`);
    const array = (name) => [values.get(name).shape, values.get(name).data];
    t.deepEqual(array('uint8'), [
      [3, 2],
      [250, 255, 0, 1, 2, 3],
    ]);
    t.deepEqual(array('fortran'), [[2, 3, 4], Array.from({ length: 24 }, (_, i) => i)]);
    t.deepEqual(array('big'), [[3], [1, 256, -2]]);
    t.deepEqual(array('int64'), [[2], [2 ** 40, -1]]);
    t.deepEqual(array('float32'), [[2], [0.5, -1.25]]);
    t.deepEqual(array('float64'), [[1, 1], [1e-300]]);
    t.deepEqual(array('empty'), [[0, 4], []]);
    t.is(values.get('scalar'), 2.5);
    t.is(values.get('text'), 'naïve 猫');
    t.deepEqual(values.get('plain').get('list'), [1, 2.5, null, true, 'x', -70000]);
    t.deepEqual([...values.get('plain').get('bytes')], [0, 255]);
  });

test('a pickle that wants anything run is refused, and nothing runs', async (t) => {
  t.regex(
    await refusal(pickle('shell.pkl')),
    /^FEP_DATASET .*: it requires (posix|nt)\.system, which is not plain data$/,
  );
  t.regex(await refusal(pickle('path.pkl')), /^FEP_DATASET .*: it requires .*, which is not plain data$/);
  t.false(existsSync('unpickled'));
  t.regex(await refusal(pickle('objects.pkl')), /^FEP_DATASET .*NumPy's type O8 are not read$/);
});

test('a damaged or missing pickle is refused', async (t) => {
  const folder = copyOf(t, 'ucf101-24');
  const file = join(folder, 'pyannot.pkl');
  const { readFileSync } = await import('node:fs');
  const whole = readFileSync(file);
  for (const bytes of [
    whole.subarray(0, 1000),
    Buffer.from('no pickle'),
    Buffer.alloc(0),
    Buffer.from('\x80\x03]q\x00.', 'latin1'),
  ]) {
    writeFileSync(file, bytes);
    t.regex(await refusal(openDataset(`ucf101-24:${folder}`)), /^FEP_DATASET .*pyannot\.pkl: /);
  }
});
