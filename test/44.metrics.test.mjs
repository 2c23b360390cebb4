// Metrics of a single mask that need no model: hand-computed cases, then properties on random masks and boxes.
import test from 'ava';
import { FepError } from 'fep-native';
import {
  consistency,
  consistencyAtArea,
  consistencySweep,
  dropInConfidence,
  keepTopVoxels,
  oracleMask,
  pointingGame,
  realisedArea,
  realisedAreaAtHalf,
  STC_THRESHOLDS,
} from 'fep-native/metrics';
import { boxMask, near, noBoxes, randomBoxes, randomMask, shape, sum } from './helpers/metrics.mjs';

const NOTHING = { recall: null, precision: null, iou: null };
const TIMES = 40;

/** Rows of one frame, or of several after one another. */
const rows = (...lines) => Float32Array.from(lines.flat());

/** One frame of 3×4 with a box of two columns in rows 0 and 1. */
const box = boxMask({ frames: 1, height: 3, width: 4 }, [{ x: 1, y: 0, width: 2, height: 2 }]);

test('DC is the drop, of the confidence and in parts of it, and a gain is no drop', (t) => {
  t.deepEqual(dropInConfidence(0.75, 0.5), { absolute: 0.25, relative: 0.25 / 0.75 });
  t.deepEqual(dropInConfidence(0.5, 0.75), { absolute: 0, relative: 0 });
  t.deepEqual(dropInConfidence(1, 0), { absolute: 1, relative: 1 });
  t.deepEqual(dropInConfidence(0, 0), { absolute: 0, relative: null });
  t.true(dropInConfidence(1.0000001, 1).relative < 1e-6, 'a softmax may round past 1');
});

test('STC by hand', (t) => {
  const mask = rows([0, 0.9, 0.4, 0], [0, 0.5, 0.6, 0.7], [0.8, 0, 0, 0.1]);
  // Kept at 0.5: 0.9, 0.5 and 0.6 inside, 0.7 and 0.8 outside.
  t.deepEqual(consistency(mask, box), { recall: 3 / 4, precision: 3 / 5, iou: 3 / 6 });
  t.deepEqual(consistency(mask, box, 0.65), { recall: 1 / 4, precision: 1 / 3, iou: 1 / 6 });
  t.deepEqual(consistency(mask, box, 0), { recall: 1, precision: 4 / 12, iou: 4 / 12 });
});

test('τ is compared in the mask’s own precision: a stored 0.7 is at least 0.7', (t) => {
  for (const threshold of STC_THRESHOLDS) {
    const mask = new Float32Array(12).fill(threshold);
    t.is(consistency(mask, box, threshold).recall, 1, `${threshold}`);
    t.is(consistency(mask, box, threshold + 1e-3).recall, 0, `above ${threshold}`);
  }
});

test('only annotated frames count', (t) => {
  const size = { frames: 3, height: 1, width: 4 };
  const boxes = boxMask(size, [{ x: 0, width: 2, height: 1 }, null, { x: 2, width: 2, height: 1 }]);
  const mask = rows([1, 1, 1, 0], [1, 1, 1, 1], [0, 1, 1, 0]);
  t.deepEqual(consistency(mask, boxes), { recall: 3 / 4, precision: 3 / 5, iou: 3 / 6 });
  const other = mask.map((value, i) => (i >= 4 && i < 8 ? 0 : value));
  t.deepEqual(consistency(other, boxes), consistency(mask, boxes));
  t.deepEqual(pointingGame(other, boxes), pointingGame(mask, boxes));
});

test('an annotated frame without a box counts as outside', (t) => {
  const boxes = boxMask({ frames: 2, height: 1, width: 2 }, [{ x: 0, width: 1, height: 1 }, 'empty']);
  t.deepEqual(consistency(rows([1, 0], [1, 0]), boxes), { recall: 1, precision: 1 / 2, iou: 1 / 2 });
  t.deepEqual(pointingGame(rows([1, 0], [1, 0]), boxes), { hits: 1, frames: 1, rate: 1 });
});

test('a share of nothing is null', (t) => {
  const empty = new Float32Array(12);
  t.deepEqual(consistency(empty, box), { recall: 0, precision: null, iou: 0 });
  t.deepEqual(consistencyAtArea(empty, box, 0), { recall: 0, precision: null, iou: 0 });
  const unannotated = noBoxes({ frames: 1, height: 3, width: 4 });
  const full = new Float32Array(12).fill(1);
  t.deepEqual(consistency(full, unannotated), NOTHING);
  t.deepEqual(consistencyAtArea(full, unannotated, 0.5), NOTHING);
  t.deepEqual(pointingGame(full, unannotated), { hits: 0, frames: 0, rate: null });
  const absent = boxMask({ frames: 1, height: 3, width: 4 }, ['empty']);
  t.deepEqual(consistency(full, absent), { recall: null, precision: 0, iou: 0 });
  t.deepEqual(consistency(empty, absent), NOTHING);
});

test('a perfect mask scores 1, everything kept recalls all at the precision of chance', (t) => {
  for (let seed = 0; seed < TIMES; seed++) {
    const boxes = randomBoxes(seed);
    const mask = oracleMask(boxes);
    t.deepEqual(consistency(mask, boxes), { recall: 1, precision: 1, iou: 1 });
    t.is(pointingGame(mask, boxes).rate, 1);
    const covered = coverage(boxes);
    const all = new Float32Array(mask.length).fill(1);
    t.deepEqual(consistency(all, boxes), { recall: 1, precision: covered, iou: covered });
    near(t, pointingGame(all, boxes).rate, covered, 'pointing everywhere hits by chance');
  }
});

test('a box shifted by k pixels overlaps by hand', (t) => {
  const size = { frames: 4, height: 20, width: 30 };
  const at = (x) => boxMask(size, Array(4).fill({ x, y: 3, width: 10, height: 6 }));
  const boxes = at(5);
  for (let k = 0; k <= 12; k++) {
    const both = Math.max(0, 10 - k);
    const { recall, precision, iou } = consistency(oracleMask(at(5 + k)), boxes);
    near(t, recall, both / 10);
    near(t, precision, both / 10);
    near(t, iou, both / (20 - both));
  }
});

test('a sweep is STC at each threshold, and recall falls along it', (t) => {
  const boxes = randomBoxes(1);
  const mask = randomMask(2);
  const sweep = consistencySweep(mask, boxes);
  t.deepEqual(
    sweep.map(({ threshold }) => threshold),
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
  );
  for (const [i, { threshold, ...overlap }] of sweep.entries()) {
    t.deepEqual(overlap, consistency(mask, boxes, threshold));
    if (i > 0) t.true(overlap.recall < sweep[i - 1].recall);
  }
  t.is(consistencySweep(mask, boxes, [0.25]).length, 1);
});

test('STC is what counting voxel by voxel gives', (t) => {
  for (let seed = 0; seed < TIMES; seed++) {
    const boxes = randomBoxes(seed);
    const mask = randomMask(seed, 4);
    const kept = mask.map((value) => (value >= 0.5 ? 1 : 0));
    const known = (i) => boxes.annotated[Math.floor(i / shape.pixels)];
    const count = (holds) => mask.reduce((n, _, i) => n + (known(i) && holds(i) ? 1 : 0), 0);
    const both = count((i) => kept[i] && boxes.inside[i]);
    t.deepEqual(consistency(mask, boxes), {
      recall: both / count((i) => boxes.inside[i]),
      precision: both / count((i) => kept[i]),
      iou: both / count((i) => kept[i] || boxes.inside[i]),
    });
  }
});

test('the top voxels by hand, over all frames jointly', (t) => {
  const mask = rows([0.9, 0.1, 0.3, 0.3], [0.3, 0.8, 0.3, 0]);
  const kept = (share) => Array.from(keepTopVoxels(mask, share));
  t.deepEqual(kept(0), [0, 0, 0, 0, 0, 0, 0, 0]);
  t.deepEqual(kept(1 / 8), [1, 0, 0, 0, 0, 0, 0, 0]);
  t.deepEqual(kept(2 / 8), [1, 0, 0, 0, 0, 1, 0, 0]);
  t.deepEqual(kept(1.5 / 8), [1, 0, 0, 0, 0, 0.5, 0, 0], 'one voxel and a half');
  t.deepEqual(kept(3 / 8), [1, 0, 0.25, 0.25, 0.25, 1, 0.25, 0]);
  t.deepEqual(kept(4 / 8), [1, 0, 0.5, 0.5, 0.5, 1, 0.5, 0]);
  t.deepEqual(kept(6 / 8), [1, 0, 1, 1, 1, 1, 1, 0]);
  t.deepEqual(kept(7 / 8), [1, 1, 1, 1, 1, 1, 1, 0]);
  t.deepEqual(kept(1), [1, 1, 1, 1, 1, 1, 1, 1]);
  t.deepEqual(kept(0.5 / 8), [0.5, 0, 0, 0, 0, 0, 0, 0], 'half a voxel');
});

test('the top voxels sum up to the budget, none above a better one, equals alike', (t) => {
  for (let seed = 0; seed < TIMES; seed++) {
    for (const levels of [1, 3, 20, Number.POSITIVE_INFINITY]) {
      const mask = randomMask(seed, levels);
      for (const share of [0.05, 0.1, 0.2, 0.333, 0.9]) {
        const kept = keepTopVoxels(mask, share);
        near(t, sum(kept), share * mask.length, `${levels} levels, ${share}`, 1e-3);
        const order = Array.from(mask.keys()).sort((a, b) => mask[b] - mask[a]);
        for (let i = 1; i < order.length; i++) {
          const [better, worse] = [order[i - 1], order[i]];
          if (mask[better] === mask[worse]) t.true(kept[better] === kept[worse]);
          else if (kept[better] < 1 && kept[worse] > 0) t.fail('a worse voxel kept before a better one');
        }
      }
    }
  }
});

test('a mask that is 0 nearly everywhere spends the rest of its budget evenly on the zeros', (t) => {
  const mask = new Float32Array(100);
  mask[7] = 1;
  const kept = keepTopVoxels(mask, 0.1);
  t.is(kept[7], 1);
  near(t, kept[0], 9 / 99);
  t.is(new Set(kept).size, 2);
});

test('STC@a by hand', (t) => {
  // A budget of 3 of 12: 0.9 and 0.8, then four voxels of 0.5 at a quarter each, two of them in the box.
  const mask = rows([0, 0.9, 0.5, 0.5], [0, 0.5, 0.1, 0], [0.8, 0, 0, 0.5]);
  const { recall, precision, iou } = consistencyAtArea(mask, box, 3 / 12);
  near(t, recall, 1.5 / 4);
  near(t, precision, 1.5 / 3);
  near(t, iou, 1.5 / (4 + 3 - 1.5));
});

test('STC@a spends its budget on all frames and counts it on annotated ones', (t) => {
  const boxes = boxMask({ frames: 2, height: 1, width: 4 }, [{ x: 0, width: 2, height: 1 }, null]);
  const mask = rows([0.9, 0.2, 0.7, 0], [0.8, 0.6, 0.5, 0.4]);
  t.deepEqual(consistencyAtArea(mask, boxes, 2 / 8), { recall: 1 / 2, precision: 1, iou: 1 / 2 });
  t.deepEqual(consistencyAtArea(mask, boxes, 3 / 8), { recall: 1 / 2, precision: 1 / 2, iou: 1 / 3 });
});

test('STC@a does not change under monotone transforms of the mask', (t) => {
  const transforms = [
    (m) => m ** 3,
    Math.sqrt,
    (m) => 0.2 + 0.1 * m,
    (m) => (Math.exp(4 * m) - 1) / (Math.exp(4) - 1),
  ];
  for (let seed = 0; seed < TIMES; seed++) {
    const boxes = randomBoxes(seed);
    const mask = randomMask(seed, 50);
    for (const share of [0.05, 0.1, 0.2]) {
      const expected = consistencyAtArea(mask, boxes, share);
      for (const transform of transforms) {
        t.deepEqual(consistencyAtArea(mask.map(transform), boxes, share), expected);
      }
    }
  }
});

test('a constant mask has a recall of exactly a, and the precision of chance', (t) => {
  for (let seed = 0; seed < TIMES; seed++) {
    const boxes = randomBoxes(seed);
    const covered = coverage(boxes);
    for (const value of [0, 0.3, 1]) {
      const mask = new Float32Array(shape.voxels).fill(value);
      for (const share of [0.05, 0.1, 0.2]) {
        const { recall, precision, iou } = consistencyAtArea(mask, boxes, share);
        near(t, recall, share);
        near(t, precision, covered);
        near(t, iou, (share * covered) / (share + covered - share * covered));
      }
    }
  }
});

test('broken ties give the recall to expect of ties broken at random', (t) => {
  const boxes = randomBoxes(3);
  const mask = randomMask(3, 4);
  const noise = Array.from({ length: 400 }, (_, seed) => randomMask(1000 + seed));
  const recalls = noise.map(
    (jitter) =>
      consistencyAtArea(
        mask.map((m, i) => 0.9 * m + 1e-3 * jitter[i]),
        boxes,
        0.2,
      ).recall,
  );
  const spread = Math.sqrt(sum(recalls.map((r) => (r - sum(recalls) / 400) ** 2)) / 400);
  t.true(spread > 0);
  near(t, consistencyAtArea(mask, boxes, 0.2).recall, sum(recalls) / 400, 'mean', (4 * spread) / 20);
});

test('the oracle at its own area is perfect, and at a smaller one recalls what the budget allows', (t) => {
  for (let seed = 0; seed < TIMES; seed++) {
    const boxes = randomBoxes(seed);
    const mask = oracleMask(boxes);
    const area = realisedArea(mask);
    for (const value of Object.values(consistencyAtArea(mask, boxes, area))) near(t, value, 1);
    const half = consistencyAtArea(mask, boxes, area / 2);
    near(t, half.recall, 0.5);
    near(t, half.precision, 1);
  }
});

test('the oracle leaves frames that nobody annotated out', (t) => {
  const boxes = boxMask({ frames: 2, height: 1, width: 3 }, [{ x: 1, width: 2, height: 1 }, null]);
  boxes.inside.fill(1, 3);
  t.deepEqual(oracleMask(boxes), Float32Array.of(0, 1, 1, 0, 0, 0));
});

test('the pointing game by hand', (t) => {
  const size = { frames: 4, height: 1, width: 4 };
  const boxes = boxMask(size, [...Array(3).fill({ x: 0, width: 2, height: 1 }), null]);
  const mask = rows([0.1, 0.9, 0.3, 0], [0, 0, 0, 0.2], [0.5, 0.5, 0.5, 0.1], [1, 1, 1, 1]);
  const { hits, frames, rate } = pointingGame(mask, boxes);
  near(t, hits, 1 + 0 + 2 / 3);
  t.is(frames, 3);
  near(t, rate, 5 / 9);
});

test('the pointing game does not change when a frame is scaled', (t) => {
  const boxes = randomBoxes(5);
  const mask = randomMask(5, 6);
  const scaled = mask.map((m, i) => (m * (1 + Math.floor(i / shape.pixels))) / 10);
  t.deepEqual(pointingGame(scaled, boxes), pointingGame(mask, boxes));
});

test('the realised area is the mean, and the share at least a half', (t) => {
  const mask = Float32Array.of(0, 0.25, 0.5, 0.75);
  t.is(realisedArea(mask), 0.375);
  t.is(realisedAreaAtHalf(mask), 0.5);
});

test('bad input is refused by name', (t) => {
  const mask = new Float32Array(12);
  const refused = (call, code, message) => t.throws(call, { instanceOf: FepError, code, message });
  refused(() => consistency(new Float32Array(11), box), 'FEP_SHAPE', /11 voxels.*12/);
  refused(() => consistency(mask, { ...box, annotated: Array(5).fill(true) }), 'FEP_SHAPE', /12.*5 frames/);
  refused(() => oracleMask({ inside: new Uint8Array(3), annotated: [] }), 'FEP_SHAPE', /3.*0 frames/);
  refused(() => realisedArea(new Float32Array()), 'FEP_SHAPE', /is empty/);
  refused(() => realisedAreaAtHalf(Float32Array.of(0, Number.NaN)), 'FEP_USAGE', /NaN at voxel 1/);
  refused(() => keepTopVoxels(Float32Array.of(0, 1.5), 0.5), 'FEP_USAGE', /1\.5 at voxel 1/);
  refused(() => keepTopVoxels(mask, 1.1), 'FEP_USAGE', /share is 1\.1/);
  refused(() => consistency(mask, box, -0.1), 'FEP_USAGE', /threshold is -0\.1/);
  refused(() => pointingGame(new Float32Array(24), box), 'FEP_SHAPE', /24 voxels.*12/);
  refused(() => dropInConfidence(Number.NaN, 0), 'FEP_USAGE', /NaN/);
  refused(() => dropInConfidence(0.5, 50), 'FEP_USAGE', /50/);
});

/** The share of annotated frames inside the boxes. */
function coverage({ inside, annotated }) {
  return sum(inside) / (annotated.filter(Boolean).length * shape.pixels);
}
