import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { readFrames } from '../dist/clip/readFrames.js';
import { decoders } from './fixtures/clips/helpers.mjs';
import { makeVideo } from './helpers/makeVideo.mjs';

// Videos that are cut off or overwritten in the middle. What is left of them is known without our own decoding: the
// frames before the damage are those of the whole file, and all are those that the ffmpeg program gives.

const [HEIGHT, WIDTH] = [128, 160];
const FRAMES = 40;
const folder = mkdtempSync(join(tmpdir(), 'fep-damaged-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const h264 = { options: { preset: 'fast', bf: '2' } };
const faststart = { movflags: '+faststart' };
const realtime = { 'cpu-used': '8', deadline: 'realtime' };
const KINDS = {
  'h264.mp4': { ...h264, muxer: faststart },
  'h264.mkv': h264,
  'h264.ts': h264,
  'h264.avi': h264,
  'h264.flv': h264,
  'mpeg4.avi': { codec: 'mpeg4', bFrames: 2 },
  'mpeg4.mp4': { codec: 'mpeg4', bFrames: 2, muxer: faststart },
  'mpeg2.ts': { codec: 'mpeg2video', bFrames: 2, fps: 25 },
  'vp9.webm': { codec: 'libvpx-vp9', options: realtime },
  'vp8.webm': { codec: 'libvpx', options: realtime },
};
const whole = (name) => {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  return makeVideo(path, { frames: FRAMES, height: HEIGHT, width: WIDTH, ...KINDS[name] });
};

const bytesOf = (name) => readFileSync(whole(name));
const written = (name, bytes) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const cut = (name, share) =>
  written(`cut${share}-${name}`, bytesOf(name).subarray(0, bytesOf(name).length * share));
/** Overwrites so many bytes from a place on, given as a share of the file, with repeatable noise. */
const spoilt = (name, place, count) => {
  const bytes = bytesOf(name);
  const at = Math.floor(bytes.length * place);
  for (let i = 0; i < count; i++) bytes[at + i] = (i * i * 31 + i * 7 + 5) & 255;
  return written(`spoilt${place}-${count}-${name}`, bytes);
};

const size = HEIGHT * WIDTH * 3;
const md5 = (bytes) => createHash('md5').update(bytes).digest('hex');
const hashes = (data) =>
  Array.from({ length: data.length / size }, (_, i) => md5(data.subarray(i * size, (i + 1) * size)));

/** Every frame as the ffmpeg program gives it with one thread: with more, damaged frames differ from run to run. */
const byFfmpeg = (path) => {
  const input = ['-nostdin', '-v', 'quiet', '-threads', '1', '-i', path, '-map', '0:V:0'];
  const out = ['-fps_mode', 'passthrough', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
  return hashes(spawnSync('ffmpeg', [...input, ...out], { maxBuffer: 2 ** 28 }).stdout);
};
const hasFfmpeg = decoders.includes('ffmpeg');
const withFfmpeg = hasFfmpeg ? test.serial : test.serial.skip;
if (!hasFfmpeg) console.log('no ffmpeg on PATH: frames are not compared with its own');

const DAMAGE = /The file is damaged/;
const PROMISE = /The file promises 40 frames, (\d+) could be decoded/;

for (const decoder of decoders) {
  for (const name of Object.keys(KINDS))
    test.serial(`${decoder}: nothing is said of a file that is whole: ${name}`, async (t) => {
      const stack = await readFrames(whole(name), { decoder });
      t.is(stack.frames, FRAMES);
      t.deepEqual(stack.warnings, []);
    });

  for (const name of Object.keys(KINDS))
    test.serial(`${decoder}: a file that is cut off: ${name}`, async (t) => {
      const all = hashes((await readFrames(whole(name), { decoder })).data);
      for (const share of [0.45, 0.8]) {
        const { data, frames, warnings } = await readFrames(cut(name, share), { decoder });
        t.true(frames >= 5 && frames < 40, `${frames} frames`);
        // B-frames are behind the frames that they lie between: of the last few one may lack its other side.
        const sound = hashes(data).slice(0, frames - 4);
        t.deepEqual(sound, all.slice(0, sound.length));
        if (name.endsWith('.ts')) t.regex(warnings.join(), DAMAGE);
        else t.is(Number(PROMISE.exec(warnings.join())?.[1]), frames, warnings.join());
      }
    });

  test.serial(`${decoder}: bytes overwritten in the middle`, async (t) => {
    for (const name of [
      'h264.mp4',
      'h264.mkv',
      'h264.ts',
      'h264.avi',
      'mpeg4.avi',
      'mpeg4.mp4',
      'mpeg2.ts',
    ]) {
      // Longer than a frame: a decoder need not notice a few bytes, and the encoder does not always write the same.
      const { frames, warnings } = await readFrames(spoilt(name, 0.4, 6000), { decoder });
      t.regex(warnings.join(), DAMAGE, name);
      t.true(frames >= 33 && frames <= 40, `${name}: ${frames}`);
    }
  });

  test.serial(`${decoder}: a piece cut out of a Matroska file`, async (t) => {
    const bytes = bytesOf('h264.mkv');
    const holed = Buffer.concat([bytes.subarray(0, bytes.length * 0.4), bytes.subarray(bytes.length * 0.6)]);
    const { frames, warnings } = await readFrames(written('holed.mkv', holed), { decoder });
    t.true(frames < FRAMES, `${frames}`);
    t.is(Number(PROMISE.exec(warnings.join())?.[1]), frames, warnings.join());
  });

  test.serial(`${decoder}: uneven times promise no number of frames, but an end`, async (t) => {
    const times = (n) => n + Math.floor((n * n) / 20);
    const settings = { ...h264, frames: 40, times, gop: 100 };
    const path = makeVideo(join(folder, `uneven-${decoder}.mkv`), settings);
    const uneven = await readFrames(path, { decoder });
    t.is(uneven.frames, 40);
    t.regex(uneven.warnings.join(), /frame rate varies/);
    t.notRegex(uneven.warnings.join(), /promises/);
    const { warnings } = await readFrames(cut(`uneven-${decoder}.mkv`, 0.4), { decoder });
    t.regex(warnings.join(), /promises 1[12](\.\d+)? s, its frames end after [23](\.\d+)? s/);
  });

  // Of other codecs, how versions of FFmpeg mend what is lost differs.
  for (const name of ['h264.mp4', 'h264.mkv', 'h264.ts', 'h264.avi', 'mpeg2.ts', 'vp9.webm'])
    withFfmpeg(`${decoder}: the frames that ffmpeg gives: ${name}`, async (t) => {
      const paths = [
        cut(name, 0.45),
        cut(name, 0.65),
        cut(name, 0.8),
        spoilt(name, 0.3, 40),
        spoilt(name, 0.6, 1500),
      ];
      for (const path of paths) {
        const { data } = await readFrames(path, { decoder });
        t.deepEqual(hashes(data), byFfmpeg(path), path);
      }
    });
}

const run = promisify(execFile);
const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
(canPin ? test.serial : test.serial.skip)('one CPU gives the same frames as all', async (t) => {
  t.timeout(120_000);
  const names = ['h264.mp4', 'h264.avi', 'h264.ts', 'mpeg4.avi', 'vp8.webm'];
  const paths = names.flatMap((name) => [cut(name, 0.45), cut(name, 0.8), spoilt(name, 0.6, 1500)]);
  const script = `
    import { createHash } from 'node:crypto';
    import { readFrames } from ${JSON.stringify(new URL('../dist/clip/readFrames.js', import.meta.url).href)};
    for (const path of ${JSON.stringify(paths)}) {
      const { data, frames } = await readFrames(path, { decoder: 'node-av' });
      console.log(frames, createHash('md5').update(data).digest('hex'));
    }`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  const pinned = await run('taskset', ['-c', '0', ...node]);
  const free = await run(node[0], node.slice(1));
  t.is(pinned.stdout, free.stdout);
  t.is(free.stdout.trim().split('\n').length, paths.length);
});
