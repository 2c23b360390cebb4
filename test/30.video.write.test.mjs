import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import sharp from 'sharp';
import { readFrames } from '../dist/clip/readFrames.js';
import { writeVideo } from '../dist/video/writeVideo.js';
import { decoders, pixel } from './fixtures/clips/helpers.mjs';

const folder = async (t) => {
  const path = await mkdtemp(join(tmpdir(), 'fep-video-'));
  t.teardown(() => rm(path, { recursive: true }));
  return path;
};

/** Frame n: left half r = 20n, right half b = 20n, all g = 128. */
const frames = (count, height, width) => {
  const data = new Uint8Array(count * height * width * 3);
  for (let i = 0; i < count * height * width; i++) {
    const n = Math.floor(i / (height * width));
    const left = i % width < width / 2;
    data.set([left ? 20 * n : 0, 128, left ? 0 : 20 * n], i * 3);
  }
  return data;
};

for (const decoder of decoders) {
  test(`${decoder}: what is written comes back, in count, order and colour`, async (t) => {
    const path = join(await folder(t), 'clip.mp4');
    await writeVideo(path, frames(12, 32, 48), { height: 32, width: 48, fps: 12.5, crf: 4, decoder });
    for (const reader of decoders) {
      const stack = await readFrames(path, { decoder: reader });
      t.deepEqual([stack.frames, stack.height, stack.width, stack.fps], [12, 32, 48, 12.5]);
      t.deepEqual(stack.warnings, []);
      for (let n = 0; n < 12; n++) {
        const [left, right] = [pixel(stack, n, 16, 8), pixel(stack, n, 16, 40)];
        [
          [left, [20 * n, 128, 0]],
          [right, [0, 128, 20 * n]],
        ].forEach(([seen, expected]) => {
          seen.forEach((v, c) => {
            t.true(Math.abs(v - expected[c]) <= 4, `frame ${n}: ${seen}, expected ${expected}`);
          });
        });
      }
    }
  });

  test(`${decoder}: browsers play it: H.264 High, yuv420p, even sides, index first`, async (t) => {
    const path = join(await folder(t), 'odd.mp4');
    await writeVideo(path, frames(5, 33, 47), { height: 33, width: 47, fps: 25, decoder });
    const stack = await readFrames(path);
    t.deepEqual([stack.frames, stack.height, stack.width], [5, 34, 48]);
    const bytes = await readFile(path);
    t.true(bytes.indexOf('moov') < bytes.indexOf('mdat'));
    const avcC = bytes.indexOf('avcC');
    t.is(bytes[avcC + 5], 100, 'profile High');
    const again = join(await folder(t), 'again.mp4');
    await writeVideo(again, frames(5, 33, 47), { height: 33, width: 47, fps: 25, decoder });
    t.true(bytes.equals(await readFile(again)), 'the same frames give the same bytes');
  });
}

test('the last row and column repeat in an odd frame', async (t) => {
  const path = join(await folder(t), 'odd.mp4');
  await writeVideo(path, new Uint8Array(3 * 5 * 3).fill(200), { height: 3, width: 5, crf: 4 });
  const stack = await readFrames(path);
  t.deepEqual([stack.height, stack.width], [4, 6]);
  t.true(stack.data.every((v) => Math.abs(v - 200) <= 3));
});

test('crf and chroma change the quality', async (t) => {
  const path = await folder(t);
  const noise = Uint8Array.from({ length: 4 * 32 * 32 * 3 }, (_, i) => (i * 2654435761) >>> 24);
  const distance = async (name, options) => {
    await writeVideo(join(path, name), noise, { height: 32, width: 32, ...options });
    const { data } = await readFrames(join(path, name));
    return data.reduce((sum, v, i) => sum + Math.abs(v - noise[i]), 0) / noise.length;
  };
  const coarse = await distance('40.mp4', { crf: 40, pixelFormat: 'yuv444p' });
  const fine = await distance('1.mp4', { crf: 1, pixelFormat: 'yuv444p' });
  t.true(fine < 3 && coarse > 3 * fine, `${fine}, ${coarse}`);
});

for (const extension of ['gif', 'webp'])
  test(`${extension}: frames, order, rate`, async (t) => {
    const path = join(await folder(t), `clip.${extension}`);
    await writeVideo(path, frames(6, 20, 30), { height: 20, width: 30, fps: 10, crf: 0 });
    const { pages, delay, loop } = await sharp(path).metadata();
    t.deepEqual([pages, delay, loop], [6, Array(6).fill(100), 0]);
    const stack = await readFrames(path);
    for (let n = 0; n < 6; n++) t.true(Math.abs(pixel(stack, n, 10, 5)[0] - 20 * n) <= 8);
  });

test('refusals leave nothing behind', async (t) => {
  const path = await folder(t);
  const size = { height: 2, width: 2 };
  const refuse = async (name, bytes, options, code) => {
    t.is(
      (await t.throwsAsync(writeVideo(join(path, name), new Uint8Array(bytes), options))).code,
      code,
      name,
    );
  };
  await refuse('a.mp4', 13, size, 'FEP_SHAPE');
  await refuse('b.mp4', 0, size, 'FEP_SHAPE');
  await refuse('c.mov', 12, size, 'FEP_USAGE');
  await refuse('d.mp4', 12, { ...size, fps: 0 }, 'FEP_USAGE');
  await refuse('e.mp4', 12, { ...size, crf: 99 }, 'FEP_USAGE');
  t.deepEqual(await readdir(path), []);
});
