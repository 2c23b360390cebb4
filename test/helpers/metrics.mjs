// Made-up masks and boxes, and comparisons, for the tests of metrics.
import random from '../../dist/numbers/random.js';

const { Random } = random;

/** The size of random masks and boxes. */
export const shape = { frames: 5, height: 8, width: 12, pixels: 96, voxels: 480 };

/**
 * Boxes drawn onto frames.
 *
 * @param frames for each frame one box, 'empty' (annotated, nobody there) or null (not annotated)
 */
export function boxMask({ frames: count, height, width }, frames) {
  const inside = new Uint8Array(count * height * width);
  for (const [t, box] of frames.entries()) {
    if (!box || box === 'empty') continue;
    const { x, y = 0 } = box;
    for (let row = y; row < y + box.height; row++) {
      const start = (t * height + row) * width;
      inside.fill(1, start + x, start + Math.min(width, x + box.width));
    }
  }
  return { inside, annotated: frames.map((box) => box !== null) };
}

/** Nobody annotated anything. */
export const noBoxes = (size) => boxMask(size, Array(size.frames).fill(null));

/** A box in each frame of `shape`; the second frame is not annotated. */
export function randomBoxes(seed) {
  const random = new Random(seed, 1);
  const frames = Array.from({ length: shape.frames }, (_, t) => {
    const [width, height] = [1 + random.integer(6), 1 + random.integer(5)];
    const [x, y] = [random.integer(shape.width - width), random.integer(shape.height - height)];
    return t === 1 ? null : { x, y, width, height };
  });
  return boxMask(shape, frames);
}

/** Random values in [0, 1) of `shape`, on so many levels. */
export function randomMask(seed, levels = Number.POSITIVE_INFINITY) {
  const random = new Random(seed, 2);
  const value = Number.isFinite(levels) ? () => random.integer(levels) / levels : () => random.uniform();
  return Float32Array.from({ length: shape.voxels }, value);
}

export const sum = (values) => values.reduce((total, value) => total + value, 0);

/** Asserts that two numbers agree to float32 precision, or to the tolerance given. */
export function near(t, value, expected, message = '', tolerance = 1e-6) {
  t.true(Math.abs(value - expected) <= tolerance, `${message} ${value}, expected ${expected}`);
}
