import test from 'ava';
import { checkSelection, selectFrames, selectionWarnings } from '../dist/frames/sampling.js';

const uniform = { type: 'uniform' };
const dense = (stride) => ({ type: 'dense', stride });

test('uniform: the middle frame of each segment', (t) => {
  t.deepEqual(selectFrames(8, { sampling: uniform, frames: 4 }), [1, 3, 5, 7]);
  t.deepEqual(selectFrames(10, { sampling: uniform, frames: 4 }), [1, 3, 6, 8]);
  t.deepEqual(selectFrames(240, { sampling: uniform, frames: 8 }), [15, 45, 75, 105, 135, 165, 195, 225]);
  t.deepEqual(selectFrames(7, { sampling: uniform, frames: 1 }), [3]);
});

test('uniform: as many frames as there are is every frame', (t) => {
  t.deepEqual(selectFrames(5, { sampling: uniform, frames: 5 }), [0, 1, 2, 3, 4]);
});

test('uniform: too few frames repeat', (t) => {
  t.deepEqual(selectFrames(2, { sampling: uniform, frames: 4 }), [0, 0, 1, 1]);
  t.deepEqual(selectFrames(1, { sampling: uniform, frames: 3 }), [0, 0, 0]);
  t.regex(selectionWarnings(2, { sampling: uniform, frames: 4 })[0], /repeated/);
  t.deepEqual(selectionWarnings(4, { sampling: uniform, frames: 4 }), []);
});

test('dense: from the middle, a stride apart', (t) => {
  t.deepEqual(selectFrames(10, { sampling: dense(1), frames: 4 }), [3, 4, 5, 6]);
  t.deepEqual(selectFrames(11, { sampling: dense(2), frames: 4 }), [2, 4, 6, 8]);
  t.deepEqual(selectFrames(7, { sampling: dense(2), frames: 4 }), [0, 2, 4, 6]);
});

test('dense: too few frames repeat at both ends', (t) => {
  t.deepEqual(selectFrames(2, { sampling: dense(1), frames: 4 }), [0, 0, 1, 1]);
  t.deepEqual(selectFrames(5, { sampling: dense(2), frames: 4 }), [0, 1, 3, 4]);
  t.is(selectionWarnings(6, { sampling: dense(2), frames: 4 }).length, 1);
});

test('uniform: the first or the last frame of each segment', (t) => {
  const at = (offset, total, frames, more) =>
    selectFrames(total, { sampling: { type: 'uniform', offset }, frames, ...more });
  // Segments of 10 frames in 4: 0 1 | 2 3 4 | 5 6 | 7 8 9.
  t.deepEqual(at('start', 10, 4), [0, 2, 5, 7]);
  t.deepEqual(at('end', 10, 4), [1, 4, 6, 9]);
  t.deepEqual(at('middle', 10, 4), [1, 3, 6, 8]);
  t.deepEqual(at('start', 8, 4), [0, 2, 4, 6]);
  t.deepEqual(at('end', 8, 4), [1, 3, 5, 7]);
  t.deepEqual(at('start', 2, 4), [0, 0, 1, 1]);
  t.deepEqual(at('end', 2, 4), [0, 0, 1, 1]);
  t.deepEqual(at('end', 3, 4), [0, 0, 1, 2]);
  t.deepEqual(at('end', 1, 3), [0, 0, 0]);
  t.deepEqual(at('start', 100, 4, { start: 10, end: 18 }), [10, 12, 14, 16]);
  t.deepEqual(at('end', 100, 4, { start: 10, end: 18 }), [11, 13, 15, 17]);
});

test('uniform: a whole step leaves out what remains', (t) => {
  const step = (total, frames, more) =>
    selectFrames(total, { sampling: { type: 'uniform', offset: 'step' }, frames, ...more });
  t.deepEqual(step(10, 4), [0, 2, 4, 6]);
  t.deepEqual(step(7, 4), [0, 1, 2, 3]);
  t.deepEqual(
    step(151, 20),
    Array.from({ length: 20 }, (_, i) => 7 * i),
  );
  t.deepEqual(step(2, 4), [0, 1, 1, 1], 'fewer frames than wanted: a step of one, then the last');
  t.deepEqual(step(100, 3, { start: 10, end: 20 }), [10, 13, 16]);
});

test('dense: from the start, or up to the end', (t) => {
  const at = (offset, total, stride = 1) =>
    selectFrames(total, { sampling: { type: 'dense', stride, offset }, frames: 4 });
  t.deepEqual(at('start', 10), [0, 1, 2, 3]);
  t.deepEqual(at('end', 10), [6, 7, 8, 9]);
  t.deepEqual(at('start', 11, 2), [0, 2, 4, 6]);
  t.deepEqual(at('end', 11, 2), [4, 6, 8, 10]);
  t.deepEqual(at('start', 2), [0, 1, 1, 1]);
  t.deepEqual(at('end', 2), [0, 0, 0, 1]);
});

test('a range', (t) => {
  t.deepEqual(selectFrames(100, { sampling: uniform, frames: 4, start: 10, end: 18 }), [11, 13, 15, 17]);
  t.deepEqual(selectFrames(6, { sampling: uniform, start: 4 }), [4, 5]);
  t.deepEqual(selectFrames(6, { sampling: uniform, start: 4, end: 99 }), [4, 5]);
  t.regex(selectionWarnings(6, { sampling: uniform, start: 4, end: 99 })[0], /cut/);
  t.is(t.throws(() => selectFrames(6, { sampling: uniform, start: 6 })).code, 'FEP_USAGE');
});

test('numbers that make no sense', (t) => {
  for (const wrong of [
    { frames: 0 },
    { frames: 1.5 },
    { start: -1 },
    { start: 3, end: 3 },
    { frames: Number.NaN },
  ])
    t.is(t.throws(() => checkSelection({ sampling: uniform, ...wrong })).code, 'FEP_USAGE');
  t.is(t.throws(() => checkSelection({ sampling: dense(0), frames: 2 })).code, 'FEP_USAGE');
  for (const sampling of [
    { type: 'uniform', offset: 'late' },
    { type: 'dense', offset: 'step' },
    { type: 'random' },
    { type: 'uniform', stride: 2 },
  ])
    t.is(t.throws(() => checkSelection({ sampling, frames: 2 })).code, 'FEP_USAGE');
});
