import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readClip } from '../dist/clip/readClip.js';
import { readFrames } from '../dist/clip/readFrames.js';
import { clip, decoders, expectedPixel, modelInput, pixel } from './fixtures/clips/helpers.mjs';

const md5 = (bytes) => createHash('md5').update(bytes).digest('hex');
const range = (n) => Array.from({ length: n }, (_, i) => i);
const expected = JSON.parse(await readFile(clip('expected.json'), 'utf8'));

for (const decoder of decoders) {
  const named = (title) => `${decoder}: ${title}`;

  test(named('every frame, in order, in its colours'), async (t) => {
    const stack = await readFrames(clip('exact.mkv'), { decoder });
    t.deepEqual(
      [stack.frames, stack.height, stack.width, stack.fps, stack.sourceFrames],
      [10, 24, 32, 10, 10],
    );
    t.deepEqual(stack.indices, range(10));
    t.deepEqual(stack.warnings, []);
    for (const n of range(10))
      for (const x of [0, 1, 15, 31]) t.deepEqual(pixel(stack, n, n, x), expectedPixel(n, x));
  });

  test(named('the frames that the sampling names'), async (t) => {
    const uniform = await readFrames(clip('exact.mkv'), { decoder, frames: 4 });
    t.deepEqual(uniform.indices, [1, 3, 6, 8]);
    uniform.indices.forEach((n, i) => {
      t.deepEqual(pixel(uniform, i, 0, 0), expectedPixel(n, 0));
    });
    const sampling = { type: 'dense', stride: 2 };
    const dense = await readFrames(clip('exact.mkv'), { decoder, frames: 3, sampling });
    t.deepEqual(dense.indices, [2, 4, 6]);
    t.deepEqual(pixel(dense, 2, 5, 5), expectedPixel(6, 5));
  });

  test(named('a range of frames'), async (t) => {
    const stack = await readFrames(clip('exact.mkv'), { decoder, start: 4, end: 7 });
    t.deepEqual(stack.indices, [4, 5, 6]);
    t.deepEqual(pixel(stack, 0, 0, 0), expectedPixel(4, 0));
    t.is(stack.sourceFrames, 10);
    const beyond = await readFrames(clip('exact.mkv'), { decoder, start: 8, end: 99 });
    t.deepEqual(beyond.indices, [8, 9]);
    t.regex(beyond.warnings.join(), /cut/);
    const error = await t.throwsAsync(readFrames(clip('exact.mkv'), { decoder, start: 10 }));
    t.is(error.code, 'FEP_USAGE');
  });

  test(named('fewer frames than asked repeat, with a warning'), async (t) => {
    const stack = await readFrames(clip('exact.mkv'), { decoder, frames: 20 });
    t.deepEqual(
      stack.indices,
      range(20).map((i) => i >> 1),
    );
    t.regex(stack.warnings.join(), /repeated/);
    t.deepEqual(pixel(stack, 19, 0, 0), expectedPixel(9, 0));
  });

  for (const [name, title] of [
    ['bframes.mp4', 'reordered frames, BT.601'],
    ['bt709.mp4', 'BT.709'],
    ['full-range.mp4', 'full range'],
    ['odd.mkv', 'odd sizes'],
    ['gray.mkv', 'gray'],
    ['gray16.mkv', '16-bit gray'],
    ['ten-bit.mkv', '10 bits'],
    ['interlaced.mpg', 'interlaced'],
    ['rotated90.mp4', 'turned by 90'],
    ['rotated180.mp4', 'turned by 180'],
    ['rotated270.mp4', 'turned by 270'],
  ])
    test(named(`the same bytes as ffmpeg's rgb24: ${title}`), async (t) => {
      const stack = await readFrames(clip(name), { decoder });
      t.is(md5(stack.data), expected[name]);
      t.deepEqual(stack.warnings, []);
    });

  test(named('colours come back by matrix and range'), async (t) => {
    for (const name of ['bframes.mp4', 'bt709.mp4', 'full-range.mp4', 'ten-bit.mkv', 'odd.mkv']) {
      const stack = await readFrames(clip(name), { decoder });
      for (const n of range(10))
        pixel(stack, n, 12, 16).forEach((value, c) => {
          // Two columns share their chroma, which is 8 in blue.
          t.true(
            Math.abs(value - expectedPixel(n, 16)[c]) <= 8,
            `${name} frame ${n}: ${pixel(stack, n, 12, 16)}`,
          );
        });
    }
  });

  test(named('a display matrix turns the frames'), async (t) => {
    // Upright: top left red, top right green, bottom left blue.
    const corners = (s) =>
      [
        [0, 0],
        [0, s.width - 1],
        [s.height - 1, 0],
        [s.height - 1, s.width - 1],
      ].map(([y, x]) => 'rgb-'[pixel(s, 1, y, x).findIndex((v) => v > 200)] ?? '-');
    const read = (name) =>
      readFrames(clip(name), { decoder }).then((s) => `${s.width}x${s.height} ${corners(s).join('')}`);
    t.is(await read('upright.mp4'), '32x16 rgb-');
    t.is(await read('rotated180.mp4'), '32x16 -bgr');
    const quarter = [await read('rotated90.mp4'), await read('rotated270.mp4')].sort();
    t.deepEqual(quarter, ['16x32 br-g', '16x32 g-rb']);
  });

  test(named('transparency is laid over black, and said so'), async (t) => {
    const stack = await readFrames(clip('alpha.mkv'), { decoder });
    for (const n of range(10))
      t.deepEqual(
        pixel(stack, n, 3, 3),
        [200, 100, 50].map((v) => Math.round((v * 25 * n) / 255)),
      );
    t.regex(stack.warnings.join(), /transparent/);
  });

  test(named('a variable frame rate is read by number, and said so'), async (t) => {
    const stack = await readFrames(clip('variable-rate.mkv'), { decoder });
    t.is(stack.frames, 5);
    [0, 1, 2, 6, 9].forEach((n, i) => {
      t.deepEqual(pixel(stack, i, 0, 0), expectedPixel(n, 0));
    });
    t.regex(stack.warnings.join(), /frame rate varies/);
  });

  test(named('of a truncated file, what is there'), async (t) => {
    const stack = await readFrames(clip('truncated.mp4'), { decoder, frames: 5 });
    t.is(stack.sourceFrames, 5);
    t.deepEqual(stack.indices, [0, 1, 2, 3, 4]);
    t.is(md5(stack.data), expected['truncated.mp4']);
    t.regex(stack.warnings.join(), /damaged/);
    t.regex(stack.warnings.join(), /promises 10 frames, 5/);
  });

  test(named('metadata that is not UTF-8'), async (t) => {
    const stack = await readFrames(clip('latin1.avi'), { decoder });
    t.is(md5(stack.data), expected['latin1.avi']);
  });

  test(named('what is no video is refused'), async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'fep-clip-'));
    t.teardown(() => rm(folder, { recursive: true }));
    const write = async (name, bytes) => {
      await writeFile(join(folder, name), bytes);
      return join(folder, name);
    };
    const broken = {
      audio: [clip('audio-only.m4a'), /no video stream/],
      frameless: [clip('no-frames.avi'), /no frame/],
      text: [await write('notes.txt', 'Some words.\n'.repeat(20)), /not a video/],
      script: [clip('make.sh'), /not a video/],
      noise: [
        await write('noise.mp4', Buffer.from(range(4000).map((i) => (i * i * 31) & 255))),
        /not a video|no video/,
      ],
      empty: [await write('empty.mp4', ''), /empty/],
      list: [
        await write('list.ffconcat', `ffconcat version 1.0\nfile '${clip('exact.mkv')}'\n`),
        /not a video/,
      ],
      header: [
        await write('head.mp4', (await readFile(clip('bframes.mp4'))).subarray(0, 64)),
        /not a video|no video/,
      ],
    };
    for (const [name, [path, message]] of Object.entries(broken)) {
      const error = await t.throwsAsync(readFrames(path, { decoder }), undefined, name);
      t.is(error?.code, 'FEP_CLIP_DECODE', `${name}: ${error}`);
      t.regex(error.message, message);
    }
  });

  test(named('names are taken literally'), async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'fep clip %03d é-'));
    t.teardown(() => rm(folder, { recursive: true }));
    for (const name of ["it's 100%d, [a] é 漢.mkv", '-i.mkv', 'http:odd.mkv']) {
      await copyFile(clip('exact.mkv'), join(folder, name));
      t.is((await readFrames(join(folder, name), { decoder })).frames, 10, name);
    }
  });

  test(named('an AbortSignal stops it'), async (t) => {
    const early = await t.throwsAsync(
      readFrames(clip('exact.mkv'), { decoder, signal: AbortSignal.abort() }),
    );
    t.is(early.code, 'FEP_ABORTED');
    const controller = new AbortController();
    const reading = readFrames(clip('exact.mkv'), { decoder, signal: controller.signal });
    setImmediate(() => controller.abort());
    t.is((await t.throwsAsync(reading)).code, 'FEP_ABORTED');
    t.is((await readFrames(clip('exact.mkv'), { decoder })).frames, 10);
  });

  test(named('many at once'), async (t) => {
    const stacks = await Promise.all(range(12).map(() => readFrames(clip('bframes.mp4'), { decoder })));
    for (const stack of stacks) t.is(md5(stack.data), expected['bframes.mp4']);
  });

  test(named('a clip as the model wants it'), async (t) => {
    const input = modelInput({
      height: 24,
      width: 32,
      mean: [0.5, 0.25, 0],
      std: [0.5, 0.5, 2],
      channelOrder: 'BGR',
    });
    const read = await readClip(clip('exact.mkv'), input, { decoder });
    t.deepEqual([read.frames, read.height, read.width, read.sourceFrames], [4, 24, 32, 10]);
    t.deepEqual(read.indices, [1, 3, 6, 8]);
    t.deepEqual(pixel({ ...read, data: read.rgb }, 2, 1, 5), expectedPixel(6, 5));
    const voxels = 4 * 24 * 32;
    const at = 2 * 24 * 32 + 1 * 32 + 5;
    const [r, g, b] = expectedPixel(6, 5).map((v) => v / 255);
    [(b - 0.5) / 0.5, (g - 0.25) / 0.5, r / 2].forEach((value, c) => {
      t.true(Math.abs(read.data[c * voxels + at] - value) < 1e-6);
    });
  });
}

test('no such clip', async (t) => {
  const error = await t.throwsAsync(readFrames(clip('missing.mp4')));
  t.is(error.code, 'FEP_CLIP_NOT_FOUND');
  t.truthy(error.hint);
});

test('an unknown decoder is refused', async (t) => {
  const error = await t.throwsAsync(readFrames(clip('exact.mkv'), { decoder: 'vlc' }));
  t.is(error.code, 'FEP_USAGE');
});
