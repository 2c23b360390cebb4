// Any folder with a manifest, and what all data sets have in common: selection, problems, specs.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { FepError } from 'fep-native';
import { openDataset } from 'fep-native/datasets';
import writer from '../dist/datasets/synthetic/writeDataset.js';
import { clip, modelInput } from './fixtures/clips/helpers.mjs';
import { drawn, refusal } from './helpers/datasets.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

/** A folder of clips (32×24, 10 frames) and its manifest. */
function folderOf(t, manifest, clips = ['a.mkv']) {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'sub'));
  for (const name of clips) copyFileSync(clip('exact.mkv'), join(folder, name));
  for (const [name, contents] of Object.entries(manifest))
    writeFileSync(join(folder, name), typeof contents === 'string' ? contents : JSON.stringify(contents));
  return folder;
}

const json = (clips, more = {}) => ({ 'manifest.json': { clips, ...more } });
const ids = ({ samples }) => samples.map(({ id }) => id);
const box = (x, y, width, height) => ({ x, y, width, height });

test('what dataset synth writes is read back as the synthetic set, to the byte', async (t) => {
  const folder = temporaryFolder(t);
  await writer.writeDataset(folder, { seed: 4, start: 3, count: 3, format: 'npy', height: 32, width: 40 });
  const input = modelInput({ frames: 16, height: 32, width: 40 });
  const written = await openDataset(folder);
  const made = await openDataset('synthetic', { seed: 4, limit: 6 });
  t.deepEqual(ids(written), [
    'clips-000003-down.npy',
    'clips-000004-clockwise.npy',
    'clips-000005-counter-clockwise.npy',
  ]);
  for (const [i, sample] of written.samples.entries()) {
    t.is(sample.label, made.samples[i + 3].label);
    const [a, b] = [await sample.read(input), await made.samples[i + 3].read(input)];
    t.deepEqual(a.clip.rgb, b.clip.rgb);
    t.deepEqual(a.clip.data, b.clip.data);
    t.deepEqual(a.boxes, b.boxes);
    t.true(a.boxes.inside.includes(1));
  }
});

test('JSON: one box a frame, several or none; the mask is of the sampled frames', async (t) => {
  const boxes = Array.from({ length: 10 }, (_, n) => box(2 * n, 4, 4, 6));
  boxes[3] = [box(0, 0, 2, 2), box(28, 20, 4, 4)];
  boxes[6] = null;
  const folder = folderOf(t, json([{ path: 'sub/../a.mkv', label: 'x', boxes }]));
  const { samples, classes, problems } = await openDataset(`folder:${folder}`);
  t.deepEqual([classes, problems], [['x'], []]);
  const input = modelInput();
  const read = await samples[0].read(input);
  t.deepEqual(read.clip.indices, [1, 3, 6, 8]);
  t.deepEqual([read.clip.sourceHeight, read.clip.sourceWidth], [24, 32]);
  t.deepEqual(read.boxes.annotated, [true, true, false, true]);
  // Half the size: centres at 1, 3, 5, …
  const rows = drawn(read.boxes, input, 0);
  t.deepEqual(rows.slice(1, 6), [
    '................',
    '.##.............',
    '.##.............',
    '.##.............',
    '................',
  ]);
  t.is(drawn(read.boxes, input, 1)[0], '#...............');
  t.is(drawn(read.boxes, input, 1)[11], '..............##');
  t.is(drawn(read.boxes, input, 3)[2], '........##......');
});

test('CSV: the same clip described by manifest.csv and boxes.csv', async (t) => {
  const folder = folderOf(
    t,
    {
      'manifest.csv': '\ufeffpath,label,split\r\n"a.mkv","x, y",test\r\nb.mkv,z,train\r\n',
      'boxes.csv':
        'path,frame,x,y,width,height,actor\na.mkv,1,2,4,4,6,1\na.mkv,3,0,0,2,2,1\na.mkv,3,28,20,4,4,2\n',
    },
    ['a.mkv', 'b.mkv'],
  );
  const { samples, classes } = await openDataset(join(folder, 'manifest.csv'));
  t.deepEqual(classes, ['x, y', 'z']);
  const input = modelInput();
  const read = await samples[0].read(input);
  t.deepEqual(read.boxes.annotated, [true, true, false, false]);
  t.is(drawn(read.boxes, input, 0)[2], '.##.............');
  t.is(drawn(read.boxes, input, 1)[11], '..............##');
  t.is((await samples[1].read(input)).boxes, null);
  t.deepEqual(ids(await openDataset(folder, { split: 'train' })), ['b.mkv']);
  t.is(
    await refusal(openDataset(folder, { split: 'val' })),
    `FEP_USAGE ${join(folder, 'manifest.csv')} has no clip of a split val.`,
  );
});

const FAULTS = [
  [{ path: 'missing.mkv', label: 'x' }, 'missing.mkv', /^there is no clip at .*missing\.mkv$/],
  [{ path: 'b.mkv', label: 'w' }, 'b.mkv', "w is none of the data set's classes"],
  [{ path: './a.mkv', label: 'x' }, 'a.mkv', 'the id was given to an earlier sample'],
  [{ path: '../a.mkv', label: 'x' }, '..-a.mkv', "the path ../a.mkv leads out of the data set's folder"],
  [{ path: 'sub/../../a.mkv', label: 'x' }, 'sub-..-..-a.mkv', /leads out of the data set's folder$/],
  [{ path: '/etc/passwd', label: 'x' }, '-etc-passwd', /leads out of the data set's folder$/],
  [
    { path: 'b.mkv', label: 'x', boxes: [null, box(1, 1, 0, 4)] },
    'b.mkv',
    /of frame 1 has no positive size$/,
  ],
  [{ label: 'x' }, 'manifest.json clip 1', /path/],
  [{ path: 'b.mkv', label: 'x', boxes: [{ x: 1 }] }, 'manifest.json clip 1', /boxes/],
  [{ path: 'b.mkv', label: 'x', lable: 'y' }, 'manifest.json clip 1', /lable/],
];

for (const [wrong, where, message] of FAULTS)
  test(`${JSON.stringify(wrong)} is named, and the rest runs when errors are skipped`, async (t) => {
    const clips = [{ path: 'a.mkv', label: 'x' }, wrong, { path: 'c.mkv', label: 'y' }];
    const folder = folderOf(t, json(clips, { classes: ['x', 'y'] }), ['a.mkv', 'b.mkv', 'c.mkv']);
    const error = await t.throwsAsync(openDataset(folder), { instanceOf: FepError });
    t.is(error.code, 'FEP_DATASET');
    t.true(error.message.startsWith(`${where}: `), error.message);
    t.regex(error.hint, /--skip-errors/);
    const dataset = await openDataset(folder, { skipErrors: true });
    t.deepEqual(ids(dataset), ['a.mkv', 'c.mkv']);
    t.is(dataset.problems.length, 1);
    t.is(dataset.problems[0].where, where);
    if (typeof message === 'string') t.is(dataset.problems[0].message, message);
    else t.regex(dataset.problems[0].message, message);
  });

test('lines of boxes.csv and manifest.csv that make no sense are named by their number', async (t) => {
  const folder = folderOf(t, {
    'manifest.csv': 'path,label\na.mkv,x\n,x\n',
    'boxes.csv':
      'path,frame,x,y,width,height\na.mkv,0,0,0,4,4\nb.mkv,0,0,0,4,4\na.mkv,1.5,0,0,4,4\na.mkv,2,,0,4,4\n',
  });
  const { problems, samples } = await openDataset(folder, { skipErrors: true });
  t.deepEqual(
    problems.map(({ where }) => where),
    ['manifest.csv line 3', 'boxes.csv line 3', 'boxes.csv line 4', 'boxes.csv line 5'],
  );
  t.deepEqual((await samples[0].read(modelInput({ frames: 10 }))).boxes.annotated.indexOf(true), 0);
  await t.throwsAsync(openDataset(folder), { message: /^manifest\.csv line 3: / });
});

test('boxes that do not fit the clip show when it is read', async (t) => {
  const outside = Array.from({ length: 10 }, () => box(32, 0, 4, 4));
  const folder = folderOf(
    t,
    json([
      { path: 'a.mkv', label: 'x', boxes: outside },
      { path: 'b.mkv', label: 'x', boxes: Array(12).fill(box(0, 0, 4, 4)) },
      { path: 'c.mkv', label: 'x', boxes: [box(0, 0, 4, 4)] },
    ]),
    ['a.mkv', 'b.mkv', 'c.mkv'],
  );
  const { samples } = await openDataset(folder);
  const input = modelInput();
  t.is(
    await refusal(samples[0].read(input)),
    'FEP_DATASET a.mkv: the box x 32, y 0, width 4, height 4 of frame 0 lies outside the 32×24 frame',
  );
  t.is(
    await refusal(samples[1].read(input)),
    'FEP_DATASET b.mkv: there are boxes for frame 11, but the clip ends with frame 9',
  );
  const { clip: read } = await samples[2].read(input);
  t.deepEqual(read.warnings, ['The annotation counts 1 frames, the clip has 10.']);
});

test('a damaged clip shows when it is read', async (t) => {
  const folder = folderOf(t, json([{ path: 'a.mkv', label: 'x' }]));
  writeFileSync(join(folder, 'a.mkv'), 'no video');
  const { samples } = await openDataset(folder);
  t.regex(await refusal(samples[0].read(modelInput())), /^FEP_CLIP_DECODE /);
  rmSync(join(folder, 'a.mkv'));
  t.regex(await refusal(samples[0].read(modelInput())), /^FEP_CLIP_NOT_FOUND /);
});

test('boxes of an array that is normalised already are on its own pixels, whatever the resize', async (t) => {
  const { writeNpy } = await import('fep-native');
  const folder = folderOf(
    t,
    json([{ path: 'a.npy', label: 'x', boxes: Array(4).fill(box(3, 2, 2, 1)) }]),
    [],
  );
  await writeNpy(join(folder, 'a.npy'), { data: new Float32Array(3 * 4 * 12 * 16), shape: [3, 4, 12, 16] });
  const input = modelInput({ resize: { mode: 'short-side', size: 24 } });
  const { samples } = await openDataset(folder);
  const { boxes } = await samples[0].read(input);
  t.is(drawn(boxes, input, 2)[2], '...##...........');
});

test('ids are plain, and differ where paths do', async (t) => {
  const paths = ['sub/a.mkv', 'sub/ä b.mkv', 'sub/ö b.mkv', 'x-1_2.mkv'];
  const folder = folderOf(t, json(paths.map((path) => ({ path, label: 'x' }))), paths);
  const found = ids(await openDataset(folder));
  t.is(found[0], 'sub-a.mkv');
  t.is(found[3], 'x-1_2.mkv');
  t.is(new Set(found).size, 4);
  for (const id of found) t.regex(id, /^[A-Za-z0-9._-]+$/);
});

test('classes and limit: classes take turns, the order stays', async (t) => {
  const labels = ['x', 'x', 'x', 'y', 'z', 'y', 'z'];
  const clips = labels.map((label, i) => ({ path: `${i}.mkv`, label }));
  const names = clips.map(({ path }) => path);
  const folder = folderOf(t, json(clips), names);
  t.deepEqual(ids(await openDataset(folder)), names);
  t.deepEqual(ids(await openDataset(folder, { limit: 2 })), ['0.mkv', '3.mkv']);
  t.deepEqual(ids(await openDataset(folder, { limit: 4 })), ['0.mkv', '1.mkv', '3.mkv', '4.mkv']);
  t.deepEqual(ids(await openDataset(folder, { limit: 99 })), names);
  const some = await openDataset(folder, { classes: ['z', 'x'], limit: 3 });
  t.deepEqual(ids(some), ['0.mkv', '1.mkv', '4.mkv']);
  t.deepEqual(some.classes, ['x', 'y', 'z']);
  // What cannot be used makes room for the next of its class; what is not needed is not looked at.
  rmSync(join(folder, '0.mkv'));
  rmSync(join(folder, '6.mkv'));
  const rest = await openDataset(folder, { limit: 3, skipErrors: true });
  t.deepEqual(ids(rest), ['1.mkv', '3.mkv', '4.mkv']);
  t.deepEqual(
    rest.problems.map(({ where }) => where),
    ['0.mkv'],
  );
});

test('options and specs that make no sense are refused', async (t) => {
  const folder = folderOf(t, json([{ path: 'a.mkv', label: 'x' }]));
  for (const [options, name] of [
    [{ limit: 0 }, 'limit'],
    [{ limit: 1.5 }, 'limit'],
    [{ classes: [] }, 'classes'],
    [{ seed: -1 }, 'seed'],
    [{ difficulty: 'impossible' }, 'difficulty'],
    [{ colour: 'red' }, 'colour'],
  ])
    t.regex(await refusal(openDataset(folder, options)), new RegExp(`^FEP_USAGE .*${name}`, 's'));
  t.is(
    await refusal(openDataset(folder, { classes: ['x', 'q'] })),
    `FEP_USAGE ${folder.split('/').at(-1)} has no class q.`,
  );
  for (const spec of ['constructor:x', 'nothing:x', 'folder:', 'synthetic:x'])
    t.is(await refusal(openDataset(spec)), `FEP_USAGE ${spec} names no data set.`);
  for (const spec of ['folder:/nonexistent', '/nonexistent', 'ucf101-24:/nonexistent'])
    t.is(await refusal(openDataset(spec)), 'FEP_IO There is no data set at /nonexistent.');
  t.regex(await refusal(openDataset(join(folder, 'sub'))), /^FEP_DATASET .*: the folder has no manifest$/);
  const signal = AbortSignal.abort();
  t.regex(await refusal(openDataset(folder, { signal })), /^FEP_ABORTED/);
  const { samples } = await openDataset(folder);
  t.regex(await refusal(samples[0].read(modelInput(), { signal })), /^FEP_ABORTED/);
});

test('a manifest that is none is refused as a whole', async (t) => {
  for (const [manifest, message] of [
    [{ 'manifest.json': '{"clips": [' }, /^FEP_DATASET manifest\.json: it cannot be read as JSON/],
    [{ 'manifest.json': '[]' }, /^FEP_DATASET manifest\.json: /],
    [{ 'manifest.csv': 'file,label\na.mkv,x\n' }, 'FEP_DATASET manifest.csv: the table has no column path'],
    [
      { 'manifest.csv': 'path,label\na.mkv\n' },
      /^FEP_DATASET manifest\.csv: the table cannot be read: .*line 2/,
    ],
  ]) {
    const refused = await refusal(openDataset(folderOf(t, manifest), { skipErrors: true }));
    if (typeof message === 'string') t.is(refused, message);
    else t.regex(refused, message);
  }
});
