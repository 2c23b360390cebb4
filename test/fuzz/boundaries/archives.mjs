// Model files: damaged archives, and whole ones that hold something else than a model.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from 'fep-native';
import { golden, TINY } from '../../helpers/golden.mjs';
import { spoilBytes, spoilText } from '../mutate.mjs';
import { readZip, storedZip } from '../zip.mjs';

const original = readFileSync(golden('tiny.pt'));
const entries = readZip(original);
const names = Object.keys(entries);
/** What libtorch parses: programs, tables of objects, versions. */
const parsed = names.filter((name) => /\.(pkl|py)$|version|byteorder|debug/.test(name));
const WORDS = [
  'torch.zeros',
  'aten::',
  'self',
  'return',
  'None',
  '__torch__',
  'while True:',
  '('.repeat(2000),
  '\n  ',
  '"',
  '1e999',
  '-1',
  'annotate(',
  'ops.fep.',
  'uninitialized(',
  'import os\n',
];

function spoilEntry(name, random) {
  const bytes = entries[name];
  if (name.endsWith('.py')) return Buffer.from(spoilText(bytes.toString('latin1'), WORDS, random), 'latin1');
  return spoilBytes(bytes, random);
}

export default (folder) => async (random) => {
  const path = join(folder, 'model.pt');
  if (random.integer(2) === 0) writeFileSync(path, spoilBytes(original, random));
  else {
    const name = random.pick(random.integer(4) ? parsed : names);
    const spoilt = { ...entries, [name]: spoilEntry(name, random) };
    if (random.integer(8) === 0) delete spoilt[random.pick(names)];
    writeFileSync(path, storedZip(spoilt));
  }
  const model = await loadModel(path, { ...TINY, threads: 1 });
  model.dispose();
};
