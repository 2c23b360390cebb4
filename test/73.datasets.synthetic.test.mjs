// The synthetic set: generated clips with exact boxes, held out from what the shipped models were trained on.
import test from 'ava';
import { openDataset, SYNTHETIC_CLASSES, synthesize } from 'fep-native/datasets';
import { modelInput } from './fixtures/clips/helpers.mjs';
import { refusal } from './helpers/datasets.mjs';

const ids = ({ samples }) => samples.map(({ id }) => id);
const input = modelInput({ frames: 5, height: 32, width: 48, mean: [0.5, 0.4, 0.3], std: [0.5, 0.25, 2] });

test('a hundred clips of seed 2, whose classes take turns', async (t) => {
  const { name, classes, samples, problems } = await openDataset('synthetic');
  t.is(name, 'synthetic');
  t.deepEqual(classes, [...SYNTHETIC_CLASSES]);
  t.deepEqual(problems, []);
  t.is(samples.length, 100);
  for (const [i, { id, label }] of samples.entries())
    t.deepEqual([id, label], [`synthetic-2-${i}`, SYNTHETIC_CLASSES[i % 10]]);
});

test('a clip is the generated one at the size of the model, normalised, with its boxes', async (t) => {
  const { samples } = await openDataset('synthetic', { seed: 7, limit: 14, difficulty: 'hard' });
  const { clip, boxes } = await samples[13].read(input);
  const size = { frames: 5, height: 32, width: 48 };
  const made = synthesize({ seed: 7, index: 13, difficulty: 'hard', ...size });
  t.like(clip, { ...size, sourceFrames: 5, sourceHeight: 32, sourceWidth: 48, source: 'synthetic-7-13' });
  t.deepEqual(clip.indices, [0, 1, 2, 3, 4]);
  t.deepEqual(clip.rgb, made.rgb);
  for (const [c, i] of [
    [0, 0],
    [1, 700],
    [2, 5 * 32 * 48 - 1],
  ]) {
    const expected = (made.rgb[3 * i + c] / 255 - input.mean[c]) / input.std[c];
    t.true(Math.abs(clip.data[c * 5 * 32 * 48 + i] - expected) < 1e-6);
  }
  t.deepEqual(
    boxes.annotated,
    made.boxes.map((box) => box !== null),
  );
  for (let i = 0; i < boxes.inside.length; i++) {
    const [frame, y, x] = [Math.floor(i / 1536), Math.floor((i % 1536) / 48), i % 48];
    const box = made.boxes[frame];
    const inBox = x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
    t.is(boxes.inside[i], inBox ? 1 : 0);
  }
});

test('the validation split shares no clip with the test split', async (t) => {
  const options = { limit: 3, seed: 5 };
  const validation = await openDataset('synthetic', { ...options, split: 'validation' });
  t.deepEqual(ids(validation), ['synthetic-5-1000000', 'synthetic-5-1000001', 'synthetic-5-1000002']);
  t.deepEqual(
    ids(await openDataset('synthetic', { ...options, split: 'test' })),
    ids(await openDataset('synthetic', options)),
  );
  t.is(
    await refusal(openDataset('synthetic', { split: 'train' })),
    'FEP_USAGE The synthetic set has no split train.',
  );
});

test('classes and limit make as many clips as were asked for', async (t) => {
  const some = await openDataset('synthetic', { classes: ['up', 'sway'], limit: 5 });
  t.deepEqual(
    ids(some),
    [2, 8, 12, 18, 22].map((index) => `synthetic-2-${index}`),
  );
  t.is((await openDataset('synthetic', { classes: ['up'] })).samples.length, 100);
  t.is((await openDataset('synthetic', { limit: 1234 })).samples.length, 1234);
});

test('the difficulty is a name or its parts', async (t) => {
  const { samples } = await openDataset('synthetic', {
    limit: 1,
    difficulty: { contrast: 0.5, distractors: 0 },
  });
  const { clip } = await samples[0].read(input);
  const made = synthesize({
    seed: 2,
    index: 0,
    frames: 5,
    height: 32,
    width: 48,
    contrast: 0.5,
    distractors: 0,
  });
  t.deepEqual(clip.rgb, made.rgb);
  const hard = { difficulty: 'hard', contrast: 1, seed: 9 };
  const [sample] = (await openDataset('synthetic', { limit: 1, difficulty: hard })).samples;
  t.is(sample.id, 'synthetic-2-0');
  t.deepEqual(
    (await sample.read(input)).clip.rgb,
    synthesize({ seed: 2, index: 0, frames: 5, height: 32, width: 48, difficulty: 'hard', contrast: 1 }).rgb,
  );
  for (const difficulty of [{ contrast: 2 }, { colour: 'red' }])
    t.regex(await refusal(openDataset('synthetic', { difficulty })), /^FEP_USAGE /);
});

test('reading stops when it is told to', async (t) => {
  const { samples } = await openDataset('synthetic', { limit: 1 });
  t.regex(await refusal(samples[0].read(input, { signal: AbortSignal.abort() })), /^FEP_ABORTED/);
});
