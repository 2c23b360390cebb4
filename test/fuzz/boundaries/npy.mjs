// Bytes of a .npy file, as an array and as a clip.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNpy, readClip } from 'fep-native';
import npy from '../../../dist/files/npy.js';
import { golden } from '../../helpers/golden.mjs';
import { spoilBytes, spoilText } from '../mutate.mjs';

const WORDS = ['<f4', '>f4', '<f8', '|O', '|S5', '<U3', "'descr'", 'True', '(0,)', '()', '(-1, 3)', '(1e9,)'];
const HUGE = ['(99999999999999999999,)', `(${'2, '.repeat(40)})`, '(4294967296, 4294967296, 4294967296)'];

const array = (data, shape) => npy.formatNpy({ data, shape });
const seeds = [
  array(new Float32Array(24), [2, 3, 4]),
  array(new Float64Array(3), [3]),
  array(new Uint8Array(2 * 4 * 5 * 3).fill(100), [2, 4, 5, 3]),
  array(new Float32Array(3 * 2 * 4 * 4), [3, 2, 4, 4]),
  readFileSync(golden('box.npy')),
];
const INPUT = { layout: 'NCTHW', frames: 2, height: 4, width: 4, sampling: { type: 'uniform' } };
const input = { ...INPUT, resize: { mode: 'stretch' }, mean: [0, 0, 0], std: [1, 1, 1], channelOrder: 'RGB' };

function spoilHeader(bytes, random) {
  const end = 10 + bytes.readUInt16LE(8);
  const header = Buffer.from(
    spoilText(bytes.toString('latin1', 10, end), [...WORDS, ...HUGE], random),
    'latin1',
  );
  const head = Buffer.from(bytes.subarray(0, 10));
  head.writeUInt16LE(Math.min(65_535, header.length), 8);
  return Buffer.concat([head, header, bytes.subarray(end)]);
}

export default (folder) => async (random) => {
  const seed = random.pick(seeds);
  const bytes = random.integer(2) === 0 ? spoilBytes(seed, random) : spoilHeader(seed, random);
  if (random.integer(4) > 0) return parseNpy(bytes);
  const path = join(folder, 'clip.npy');
  writeFileSync(path, bytes);
  return readClip(path, input);
};
