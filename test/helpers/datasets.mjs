// Data sets for tests: the committed made-up ones, and masks written down as pictures.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './libtorch.mjs';

/** Path of a committed data set. */
export const dataset = (name) => fileURLToPath(new URL(`../fixtures/datasets/${name}`, import.meta.url));

/** A copy of it that a test may spoil. */
export function copyOf(t, name) {
  const folder = join(temporaryFolder(t), name);
  cpSync(dataset(name), folder, { recursive: true });
  return folder;
}

/** Frame t of a box mask as rows of `.` and `#`. */
export function drawn({ inside }, { height, width }, t) {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (inside[(t * height + y) * width + x] ? '#' : '.')).join(''),
  );
}

/** Number of pixels inside, by frame. */
export function insideByFrame({ inside, annotated }) {
  const size = inside.length / annotated.length;
  return annotated.map((_, t) =>
    inside.subarray(t * size, (t + 1) * size).reduce((sum, one) => sum + one, 0),
  );
}

/** What a promise is refused with, as `code message`. */
export const refusal = (promise) =>
  promise.then(
    () => 'not refused',
    ({ code, message }) => `${code} ${message}`,
  );
