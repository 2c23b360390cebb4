import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { readFrames } from '../dist/clip/readFrames.js';
import { byDecoder } from '../dist/video/decoder.js';
import { NodeAvUnavailable } from '../dist/video/nodeAv/pool.js';
import { writeVideo } from '../dist/video/writeVideo.js';
import { clip } from './fixtures/clips/helpers.mjs';

const empty = mkdtempSync(join(tmpdir(), 'fep-path-'));
const unavailable = async () => {
  throw new NodeAvUnavailable('no binary');
};

test.before(() => {
  process.env.PATH = empty;
});

test('no ffmpeg on PATH is said with what to do', async (t) => {
  const reading = await t.throwsAsync(readFrames(clip('exact.mkv'), { decoder: 'ffmpeg' }));
  t.is(reading.code, 'FEP_DECODER_MISSING');
  t.regex(reading.hint, /node-av/);
  const options = { height: 2, width: 2, decoder: 'ffmpeg' };
  const writing = await t.throwsAsync(writeVideo(join(empty, 'a.mp4'), new Uint8Array(12), options));
  t.is(writing.code, 'FEP_DECODER_MISSING');
});

test('without node-av, ffmpeg is asked, unless node-av was asked for', async (t) => {
  t.is(await byDecoder('auto', unavailable, async () => 'ffmpeg'), 'ffmpeg');
  const error = await t.throwsAsync(byDecoder('node-av', unavailable, async () => 'ffmpeg'));
  t.is(error.code, 'FEP_DECODER_MISSING');
});
