import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import * as constants from 'node-av/constants';
import { readFrames } from '../dist/clip/readFrames.js';
import { decoders } from './fixtures/clips/helpers.mjs';
import { makeVideo } from './helpers/makeVideo.mjs';

// Both decoders give the same bytes, of every kind of pixel that is common, and those are where the chroma says.

const folder = mkdtempSync(join(tmpdir(), 'fep-pixels-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const withFfmpeg = decoders.includes('ffmpeg') ? test.serial : test.serial.skip;
if (!decoders.includes('ffmpeg'))
  console.log('no ffmpeg on PATH: its pixels are not compared with node-av’s');

const FORMATS = {
  '4:2:0': { pixelFormat: constants.AV_PIX_FMT_YUV420P },
  '4:2:2': { pixelFormat: constants.AV_PIX_FMT_YUV422P, down: 1 },
  '4:4:4': { pixelFormat: constants.AV_PIX_FMT_YUV444P, across: 1, down: 1 },
  gray: { pixelFormat: constants.AV_PIX_FMT_GRAY8 },
  '10-bit 4:2:0': { pixelFormat: constants.AV_PIX_FMT_YUV420P10LE, bits: 10 },
  '10-bit 4:2:2': { pixelFormat: constants.AV_PIX_FMT_YUV422P10LE, bits: 10, down: 1 },
  '10-bit 4:4:4': { pixelFormat: constants.AV_PIX_FMT_YUV444P10LE, bits: 10, across: 1, down: 1 },
};
const LOCATIONS = {
  left: constants.AVCHROMA_LOC_LEFT,
  center: constants.AVCHROMA_LOC_CENTER,
  topleft: constants.AVCHROMA_LOC_TOPLEFT,
  top: constants.AVCHROMA_LOC_TOP,
  bottomleft: constants.AVCHROMA_LOC_BOTTOMLEFT,
  bottom: constants.AVCHROMA_LOC_BOTTOM,
};

/** @returns frame number, place and both values of the first bytes that differ, undefined where none do */
function firstDifference(a, b) {
  const at = a.data.findIndex((value, i) => value !== b.data[i]);
  if (at < 0) return undefined;
  const size = a.height * a.width * 3;
  return `frame ${Math.floor(at / size)}, byte ${at % size}: ${a.data[at]} and ${b.data[at]}`;
}

async function compare(t, name, settings) {
  const path = makeVideo(join(folder, name), { frames: 4, width: 64, height: 48, ...settings });
  const [ours, theirs] = [
    await readFrames(path, { decoder: 'node-av' }),
    await readFrames(path, { decoder: 'ffmpeg' }),
  ];
  t.deepEqual([ours.frames, ours.height, ours.width], [theirs.frames, theirs.height, theirs.width], name);
  t.is(firstDifference(ours, theirs), undefined, name);
  t.deepEqual([ours.warnings, theirs.warnings], [[], []], name);
  return path;
}

for (const [title, settings] of Object.entries(FORMATS))
  withFfmpeg(`the same bytes by both decoders: ${title}`, async (t) => {
    const slug = title.replaceAll(':', '').replaceAll(' ', '-');
    const sides = { even: [64, 48], odd: [37, 29] };
    for (const [name, [width, height]] of Object.entries(sides))
      await compare(t, `${slug}-${name}.mkv`, { codec: 'ffv1', width, height, ...settings });
    for (const [name, location] of Object.entries(LOCATIONS)) {
      const tune = (encoder) => Object.assign(encoder, { chromaLocation: location });
      await compare(t, `${slug}-${name}.mkv`, { options: { preset: 'fast', qp: '4' }, tune, ...settings });
    }
  });

withFfmpeg('the same bytes by both decoders: matrices and ranges', async (t) => {
  const matrices = [constants.AVCOL_SPC_BT709, constants.AVCOL_SPC_SMPTE170M, constants.AVCOL_SPC_BT2020_NCL];
  const ranges = [constants.AVCOL_RANGE_MPEG, constants.AVCOL_RANGE_JPEG];
  for (const format of ['4:2:0', '10-bit 4:2:0'])
    for (const colorSpace of matrices)
      for (const colorRange of ranges) {
        const tune = (encoder) => Object.assign(encoder, { colorSpace, colorRange });
        const name = `${FORMATS[format].bits ?? 8}-${colorSpace}-${colorRange}.mp4`;
        await compare(t, name, { options: { preset: 'fast' }, tune, ...FORMATS[format] });
      }
});

withFfmpeg('the same bytes by both decoders: interlaced', async (t) => {
  for (const format of ['4:2:0', '10-bit 4:2:0']) {
    const options = { preset: 'fast', 'x264-params': 'tff=1' };
    await compare(t, `interlaced-${FORMATS[format].bits ?? 8}.mkv`, { options, ...FORMATS[format] });
  }
});

withFfmpeg('without a word on chroma, the bytes of a plain ffmpeg', async (t) => {
  const path = await compare(t, 'plain.mkv', { codec: 'ffv1', ...FORMATS['10-bit 4:2:0'] });
  const args = ['-nostdin', '-v', 'error', '-i', path, '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
  const { stdout } = spawnSync('ffmpeg', args, { maxBuffer: 2 ** 26 });
  t.true(stdout.equals(Buffer.from((await readFrames(path, { decoder: 'node-av' })).data)));
});

for (const decoder of decoders)
  test.serial(`${decoder}: colours lie where the stream says that chroma does`, async (t) => {
    // Chroma that rises by one step in every sample, gray luma: red rises along the row with no step but the shift.
    const rows = {};
    for (const name of ['left', 'center']) {
      const tune = (encoder) => Object.assign(encoder, { chromaLocation: LOCATIONS[name] });
      const settings = { options: { preset: 'fast', qp: '0' }, frames: 2, width: 128, height: 64, tune };
      const path = makeVideo(join(folder, `shift-${decoder}-${name}.mkv`), {
        ...settings,
        ...FORMATS['10-bit 4:2:0'],
        noise: 0,
      });
      const { data, width } = await readFrames(path, { decoder });
      const blue = (x) => data[(2 * width + x) * 3 + 2];
      rows[name] =
        Array.from({ length: 56 }, (_, i) => blue(56 + i)).reduce((sum, value) => sum + value, 0) / 56;
    }
    // There blue is neither black nor full. Cb goes from 0.2 to 0.8 of the range over 64 samples, so by 0.6/128 a pixel. Centred, a sample lies half a pixel
    // to the right of where it does on the left, and what is at a place comes from half a pixel to the left: blue is
    // lower by 1.772 · 255 · (255 / 224) · 0.6 / 128 / 2 in limited range.
    const expected = (1.772 * 255 * (255 / 224) * (0.6 / 128)) / 2;
    // FFmpeg gives two pixels one chroma of 8 bits, so only about; it is 0 where the location is not heeded.
    t.true(
      Math.abs(rows.left - rows.center - expected) < expected / 2,
      `${rows.left - rows.center}, ${expected}`,
    );
  });
