// Bytes of a pickle. One that would run something must leave no trace of it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pickles from '../../../dist/datasets/pickle/readPickle.js';
import { spoilBytes } from '../mutate.mjs';

const fixtures = fileURLToPath(new URL('../../fixtures/datasets/pickles', import.meta.url));
const seeds = readdirSync(fixtures)
  .filter((name) => name.endsWith('.pkl'))
  .map((name) => readFileSync(join(fixtures, name)));

/** Opcodes with arguments that ask for much, for what is not there, or for code. */
const PIECES = [
  'cposix\nsystem\n(S"true"\ntR',
  'cbuiltins\neval\n(S"1"\ntR',
  'c__main__\n__proto__\n)R',
  'cnumpy\ndtype\n(S"f4"\ntR',
  'cnumpy\nndarray\n)R',
  'cnumpy.core.multiarray\n_reconstruct\n(tRb',
  'ccollections\nOrderedDict\n)R',
  '(',
  ')',
  '}',
  ']',
  't',
  'd',
  'l',
  'a',
  'e',
  's',
  'u',
  'R',
  'b',
  'o',
  '0',
  '1',
  '2',
  'N',
  '.',
  'Q',
  'P0\n',
  'X\xff\xff\xff\x7f',
  '\x8e\xff\xff\xff\xff\xff\xff\xff\x7f',
  '\x8b\xff\xff\xff\x7f',
  'r\xff\xff\xff\xff',
  'j\xff\xff\xff\x7f',
  '\x95\xff\xff\xff\xff\xff\xff\xff\xff',
  `I${'9'.repeat(400)}\n`,
  `L${'9'.repeat(40_000)}L\n`,
].map((piece) => Buffer.from(piece, 'latin1'));

function insert(bytes, random) {
  const at = 2 + random.integer(Math.max(1, bytes.length - 2));
  const pieces = Array.from({ length: 1 + random.integer(6) }, () => random.pick(PIECES));
  return Buffer.concat([bytes.subarray(0, at), ...pieces, bytes.subarray(at)]);
}

export default (folder) => async (random) => {
  const seed = random.pick(seeds);
  const bytes = random.integer(2) === 0 ? spoilBytes(seed, random) : insert(seed, random);
  const path = join(folder, 'annotations.pkl');
  writeFileSync(path, bytes);
  return pickles.readPickle(path);
};
