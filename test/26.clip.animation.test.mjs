import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readFrames } from '../dist/clip/readFrames.js';
import { clip, expectedPixel, pixel } from './fixtures/clips/helpers.mjs';

test('a GIF: every frame, in order', async (t) => {
  // Its palette has 8 reds, 8 greens and 4 blues: half a step is 18 and 43.
  const stack = await readFrames(clip('exact.gif'));
  t.deepEqual([stack.frames, stack.height, stack.width, stack.fps], [10, 24, 32, 10]);
  for (let n = 0; n < 10; n++)
    pixel(stack, n, 10, 16).forEach((value, c) => {
      t.true(Math.abs(value - expectedPixel(n, 16)[c]) <= 43, `frame ${n}: ${pixel(stack, n, 10, 16)}`);
    });
  const chosen = await readFrames(clip('exact.gif'), { frames: 2 });
  t.deepEqual(chosen.indices, [2, 7]);
  t.deepEqual(pixel(chosen, 1, 0, 0), pixel(stack, 7, 0, 0));
});

test('transparency in GIF and WebP is laid over black', async (t) => {
  const gif = await readFrames(clip('alpha.gif'));
  t.deepEqual([gif.frames, gif.height, gif.width, gif.fps], [4, 16, 16, 5]);
  for (let n = 0; n < 4; n++) {
    t.deepEqual(pixel(gif, n, 5, 12), [0, 0, 0]);
    t.true(Math.abs(pixel(gif, n, 5, 3)[0] - 60 * n) <= 8);
  }
  const webp = await readFrames(clip('alpha.webp'));
  t.is(webp.frames, 4);
  for (let n = 0; n < 4; n++)
    t.deepEqual(
      pixel(webp, n, 5, 5),
      [60 * n, 200, 40].map((v) => Math.round((v * 128) / 255)),
    );
  for (const stack of [gif, webp]) t.regex(stack.warnings.join(), /transparent/);
});

test('of a truncated GIF, what is there; of a broken one, nothing', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fep-gif-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const bytes = await readFile(clip('exact.gif'));
  await writeFile(join(folder, 'cut.gif'), bytes.subarray(0, Math.round(bytes.length * 0.6)));
  const stack = await readFrames(join(folder, 'cut.gif'));
  t.true(stack.frames >= 4 && stack.frames < 10, `${stack.frames} frames`);
  await writeFile(join(folder, 'broken.gif'), bytes.subarray(0, 20));
  t.is((await t.throwsAsync(readFrames(join(folder, 'broken.gif')))).code, 'FEP_CLIP_DECODE');
});
