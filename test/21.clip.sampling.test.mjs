import test from 'ava';
import { checkSelection, selectFrames, selectionWarnings } from '../dist/clip/sampling.js';

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
});
