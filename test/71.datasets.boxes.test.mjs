// Boxes on a clip's own pixels: every expected mask is worked out by hand or by brute force.
import test from 'ava';
import { resizePicture, resizing } from '../dist/clip/resize.js';
import annotation from '../dist/datasets/annotation.js';
import { boxMask } from '../dist/datasets/boxMask.js';
import { drawn, insideByFrame } from './helpers/datasets.mjs';

const { badBox, boxesOfFrames, checkAgainstClip } = annotation;
const STRETCH = { mode: 'stretch' };
const box = (x, y, width, height) => ({ x, y, width, height });

/** What a box mask needs of a clip. */
const clipOf = (height, width, sourceHeight, sourceWidth) => ({ height, width, sourceHeight, sourceWidth });

/** The mask of one frame. */
function maskOf(boxes, clip, resize = STRETCH, drawnOn) {
  const size = drawnOn ?? { height: clip.sourceHeight, width: clip.sourceWidth };
  return boxMask([boxes], size, clip, resize);
}

test('a pixel is inside when its centre is: left and top edges count, right and bottom ones do not', (t) => {
  // 6×8 to 3×4: centres lie at 1, 3, 5 (and 7).
  const clip = clipOf(3, 4, 6, 8);
  t.deepEqual(drawn(maskOf([box(2, 2, 2, 2)], clip), clip, 0), ['....', '.#..', '....']);
  t.deepEqual(drawn(maskOf([box(1, 1, 2, 2)], clip), clip, 0), ['#...', '....', '....']);
  t.deepEqual(drawn(maskOf([box(1, 1, 2.5, 4.5)], clip), clip, 0), ['##..', '##..', '##..']);
  t.deepEqual(drawn(maskOf([box(0, 0, 8, 6)], clip), clip, 0), ['####', '####', '####']);
});

test('what of a box is out of the frame is cut off', (t) => {
  const clip = clipOf(3, 4, 6, 8);
  t.deepEqual(drawn(maskOf([box(-10, -10, 13, 12)], clip), clip, 0), ['#...', '....', '....']);
  t.deepEqual(drawn(maskOf([box(5, 3, 100, 100)], clip), clip, 0), ['....', '..##', '..##']);
});

test('short-side: boxes follow the scaling and the central crop', (t) => {
  // 8×16 to 4×8, of which columns 2 to 5 are kept: their centres lie at 5, 7, 9, 11.
  const clip = clipOf(4, 4, 8, 16);
  const resize = { mode: 'short-side', size: 4 };
  t.deepEqual(drawn(maskOf([box(6, 2, 4, 4)], clip, resize), clip, 0), ['....', '.##.', '.##.', '....']);
  t.deepEqual(drawn(maskOf([box(0, 0, 6, 2)], clip, resize), clip, 0), ['#...', '....', '....', '....']);
});

test('boxes drawn on frames of another size are brought to the source first', (t) => {
  // Drawn on 240×320; the clip's 12×16 pixels have their centres every 20 pixels from 10 on.
  const clip = clipOf(12, 16, 256, 340);
  const mask = maskOf([box(30, 50, 40, 20)], clip, STRETCH, { height: 240, width: 320 });
  const rows = drawn(mask, clip, 0);
  t.is(rows[2], '.##.............');
  t.deepEqual(insideByFrame(mask), [2]);
});

test('several boxes are united; frames without a visible box are not annotated', (t) => {
  const clip = clipOf(4, 4, 8, 16);
  const resize = { mode: 'short-side', size: 4 };
  const frames = [
    [box(4, 0, 4, 4), box(6, 2, 4, 4)],
    [],
    [box(0, 0, 4, 8)], // cropped away
    [box(5.2, 1.2, 0.5, 0.5)], // between centres
  ];
  const mask = boxMask(frames, { height: 8, width: 16 }, clip, resize);
  t.deepEqual(drawn(mask, clip, 0), ['##..', '###.', '.##.', '....']);
  t.deepEqual(mask.annotated, [true, false, false, false]);
  t.deepEqual(insideByFrame(mask), [7, 0, 0, 0]);
});

test('any box, size and resize: the same as asking each pixel', (t) => {
  let state = 1;
  const random = (low, high) => {
    state = (state * 48271) % 2147483647;
    return low + Math.floor((state / 2147483647) * (high - low));
  };
  for (let round = 0; round < 200; round++) {
    const [sourceHeight, sourceWidth] = [random(40, 120), random(40, 120)];
    const [height, width] = [random(5, 32), random(5, 32)];
    const resize = round % 2 ? { mode: 'short-side', size: random(32, 60) } : STRETCH;
    const drawnOn = round % 3 ? { height: sourceHeight, width: sourceWidth } : { height: 24, width: 32 };
    const boxes = [1, 2].map(() => box(random(-9, 90), random(-9, 90), random(1, 60), random(1, 60)));
    const clip = clipOf(height, width, sourceHeight, sourceWidth);
    const short = Math.min(sourceHeight, sourceWidth);
    const scaledHeight = resize === STRETCH ? height : Math.floor((sourceHeight * resize.size) / short);
    const scaledWidth = resize === STRETCH ? width : Math.floor((sourceWidth * resize.size) / short);
    const top = Math.floor((scaledHeight - height) / 2);
    const left = Math.floor((scaledWidth - width) / 2);
    const expected = [];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const v = (y + 0.5 + top) * (drawnOn.height / scaledHeight);
        const u = (x + 0.5 + left) * (drawnOn.width / scaledWidth);
        const hit = boxes.some((b) => u >= b.x && u < b.x + b.width && v >= b.y && v < b.y + b.height);
        expected.push(hit ? 1 : 0);
      }
    t.deepEqual([...maskOf(boxes, clip, resize, drawnOn).inside], expected, `round ${round}`);
  }
});

test('the mask lies where the pixels of the box go when the picture is resized', (t) => {
  // A white bar from one edge on: after scaling, a pixel is brighter than mid-grey exactly when its centre is white.
  const [height, width] = [61, 97];
  for (const resize of [STRETCH, { mode: 'short-side', size: 23 }, { mode: 'short-side', size: 40 }])
    for (const from of [38, 45, 51.5, 60]) {
      const clip = clipOf(20, 18, height, width);
      const data = new Uint8Array(height * width * 3);
      for (let i = 0; i < height * width; i++) {
        const covered = Math.min(Math.max((i % width) + 1 - from, 0), 1);
        data.fill(Math.round(255 * covered), 3 * i, 3 * i + 3);
      }
      const picture = resizePicture({ data, height, width }, 20, 18, resize);
      const { inside } = maskOf([box(from, 0, 97, 61)], clip, resize);
      const scale = width / resizing({ height, width }, clip, resize).width;
      for (let i = 0; i < inside.length; i++) {
        const grey = picture.data[3 * i];
        if (Math.abs(grey - 127.5) > 255 / (4 * scale)) t.is(inside[i], grey > 127 ? 1 : 0, `pixel ${i}`);
      }
      t.true(inside.includes(1) && inside.includes(0));
    }
});

test('a box without size, or outside the frame, is named', (t) => {
  const size = { height: 240, width: 320 };
  const problem = (...values) => badBox(new Map([[7, [box(1, 1, 5, 5), box(...values)]]]), size);
  t.is(problem(0, 0, 320, 240), undefined);
  t.is(problem(-5, -5, 6, 6), undefined);
  t.is(problem(10, 10, 0, 5), 'the box x 10, y 10, width 0, height 5 of frame 7 has no positive size');
  t.regex(problem(10, 10, 5, -1), /no positive size/);
  t.regex(problem(10, 10, Number.NaN, 5), /no positive size/);
  const outside = 'of frame 7 lies outside the 320×240 frame';
  t.is(problem(320, 10, 5, 5), `the box x 320, y 10, width 5, height 5 ${outside}`);
  for (const values of [
    [-5, 10, 5, 5],
    [10, 240, 5, 5],
    [10, -5, 5, 5],
  ])
    t.true(problem(...values)?.endsWith(outside), `${values}`);
  t.is(
    badBox(new Map([[7, [box(900, 900, 1, 1)]]])),
    undefined,
    'without a size only the box itself is looked at',
  );
});

test('boxes go to their own frame, or within reach to the sampled frame nearest to it', (t) => {
  const [a, b, c] = [[box(1, 0, 1, 1)], [box(2, 0, 1, 1)], [box(3, 0, 1, 1)]];
  const boxes = new Map([
    [331, a],
    [361, b],
    [391, c],
  ]);
  const numberOf = (index) => index + 1;
  const at = (reach, indices) => boxesOfFrames({ boxes, reach, numberOf }, indices);
  t.deepEqual(at(0, [330, 331, 360]), [a, [], b]);
  // Numbers 325, 333, 358, 366: 331 is nearest to 333, 361 to 358, 391 is 25 away from 366.
  t.deepEqual(at(15, [324, 332, 357, 365]), [[], a, b, []]);
  t.deepEqual(at(25, [324, 332, 357, 365]), [[], a, b, c]);
  // Both 331 and 361 are nearest to 346 and as near: the earlier counts. 376 is as near to 361 and takes 391 only.
  t.deepEqual(at(15, [345, 375]), [a, c]);
  // Two annotated frames nearest to one sampled frame: the nearer counts.
  t.deepEqual(at(30, [350]), [b]);
  t.deepEqual(
    boxesOfFrames({ boxes: new Map([[2, a]]) }, [2, 2, 3]),
    [a, a, []],
    'a repeated frame keeps its boxes',
  );
});

test('an annotation that does not belong to the clip is refused; another count of frames is a warning', (t) => {
  const size = { height: 24, width: 32 };
  const boxes = new Map([[9, [box(0, 0, 1, 1)]]]);
  t.is(checkAgainstClip('x', { boxes, frames: 10 }, size, 10), undefined);
  t.is(
    checkAgainstClip('x', { boxes, frames: 11 }, size, 10),
    'The annotation counts 11 frames, the clip has 10.',
  );
  const error = t.throws(() => checkAgainstClip('x', { boxes }, size, 9));
  t.is(error.code, 'FEP_DATASET');
  t.is(error.message, 'x: there are boxes for frame 9, but the clip ends with frame 8');
});
