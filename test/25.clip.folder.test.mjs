import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import sharp from 'sharp';
import { readClip } from '../dist/clip/readClip.js';
import { readFrames } from '../dist/clip/readFrames.js';
import { clip, expectedPixel, modelInput, pixel } from './fixtures/clips/helpers.mjs';

const folder = async (t) => {
  const path = await mkdtemp(join(tmpdir(), 'fep-folder-'));
  t.teardown(() => rm(path, { recursive: true }));
  return path;
};
const solid = (colour, width = 8, height = 6) =>
  sharp({ create: { width, height, channels: colour.length, background: rgba(colour) } });
const rgba = ([r, g, b, alpha]) => ({ r, g, b, ...(alpha === undefined ? {} : { alpha: alpha / 255 }) });

test('pictures in natural order, and nothing else', async (t) => {
  const path = await folder(t);
  for (const n of [10, 9, 2, 1])
    await solid([n, 2 * n, 3 * n])
      .png()
      .toFile(join(path, `img${n}.png`));
  await writeFile(join(path, 'notes.txt'), 'not a picture');
  await writeFile(join(path, '._img1.png'), 'not a picture either');
  await mkdir(join(path, 'sub.png'));
  const stack = await readFrames(path);
  t.deepEqual([stack.frames, stack.height, stack.width, stack.fps], [4, 6, 8, 25]);
  [1, 2, 9, 10].forEach((n, i) => {
    t.deepEqual(pixel(stack, i, 5, 7), [n, 2 * n, 3 * n]);
  });
  const read = await readClip(path, modelInput({ frames: 2, height: 3, width: 3 }));
  t.deepEqual(read.indices, [1, 3]);
  t.deepEqual([...read.rgb.subarray(0, 3)], [2, 4, 6]);
});

test('PNG, JPEG, WebP, TIFF and BMP', async (t) => {
  const path = await folder(t);
  const colour = [40, 120, 200];
  await solid(colour, 32, 24).png().toFile(join(path, '1.png'));
  await solid(colour, 32, 24).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toFile(join(path, '2.jpg'));
  await solid(colour, 32, 24).webp({ lossless: true }).toFile(join(path, '3.webp'));
  await solid(colour, 32, 24).tiff().toFile(join(path, '4.TIFF'));
  const { copyFile } = await import('node:fs/promises');
  await copyFile(clip('still.bmp'), join(path, '5.bmp'));
  const stack = await readFrames(path);
  t.is(stack.frames, 5);
  for (const i of [0, 1, 2, 3])
    pixel(stack, i, 3, 3).forEach((v, c) => {
      t.true(Math.abs(v - colour[c]) <= 2, `${i}: ${v}`);
    });
  t.deepEqual(pixel(stack, 4, 3, 7), expectedPixel(0, 7));
});

test('alpha, gray and 16 bits', async (t) => {
  const path = await folder(t);
  await solid([200, 100, 50, 102]).png().toFile(join(path, '1.png'));
  await solid([77, 77, 77]).toColourspace('b-w').png().toFile(join(path, '2.png'));
  const sixteen = Uint16Array.from({ length: 8 * 6 * 3 }, (_, i) => [0x1234, 0x8080, 0xffff][i % 3]);
  const raw = { width: 8, height: 6, channels: 3 };
  await sharp(sixteen, { raw }).toColourspace('rgb16').png().toFile(join(path, '3.png'));
  const stack = await readFrames(path);
  t.deepEqual(pixel(stack, 0, 0, 0), [80, 40, 20]);
  t.deepEqual(pixel(stack, 1, 0, 0), [77, 77, 77]);
  t.deepEqual(pixel(stack, 2, 0, 0), [0x12, 0x80, 0xff]);
  t.regex(stack.warnings.join(), /transparent/);
});

test('an EXIF orientation is applied', async (t) => {
  const path = await folder(t);
  const raw = { width: 2, height: 1, channels: 3 };
  await sharp(Uint8Array.from([255, 0, 0, 0, 0, 255]), { raw })
    .withMetadata({ orientation: 6 })
    .png()
    .toFile(join(path, '1.png'));
  const stack = await readFrames(path);
  t.deepEqual([stack.height, stack.width], [2, 1]);
  t.deepEqual(pixel(stack, 0, 0, 0), [255, 0, 0]);
});

test('refusals: no picture, another size, a broken picture', async (t) => {
  const path = await folder(t);
  const refuse = async (message) => {
    const error = await t.throwsAsync(readFrames(path));
    t.is(error.code, 'FEP_CLIP_DECODE');
    t.regex(error.message, message);
  };
  await refuse(/no picture/);
  await solid([1, 2, 3]).png().toFile(join(path, 'a.png'));
  await solid([1, 2, 3], 9).png().toFile(join(path, 'b.png'));
  await refuse(/a\.png is 8×6, b\.png is 9×6/);
  await writeFile(join(path, 'b.png'), 'no picture at all');
  await refuse(/b\.png/);
});

test('fewer pictures than asked repeat', async (t) => {
  const path = await folder(t);
  await solid([9, 9, 9]).png().toFile(join(path, 'only.png'));
  const stack = await readFrames(path, { frames: 3 });
  t.deepEqual(stack.indices, [0, 0, 0]);
  t.regex(stack.warnings.join(), /repeated/);
});
