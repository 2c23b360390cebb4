// What is said of a model's answer, and what is remembered of its check: as options, and as a note in the cache.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel } from 'fep-native';
import { golden, TINY } from '../../helpers/golden.mjs';
import { HOSTILE_JSON, spoilText, spoilValue } from '../mutate.mjs';

const SAID = { activation: 'logits', tensor: 0, averageOver: 'time', classes: ['a', 'b', 'c'] };
const WORDS = ['null', '-1', '1e999', '"', '{', 'sigmoid', 'fails', '\\u0000', '['.repeat(500)];

async function load(options) {
  const model = await loadModel(golden('tiny.pt'), { ...TINY, threads: 1, ...options });
  await model.predict({ data: new Float32Array(3 * 16 * 64 * 64) });
  model.dispose();
}

/** The note of tiny.pt's check, in a cache of this process's own. */
async function noteIn(folder) {
  await load(); // libtorch may lie in the cache that there was
  process.env.FEP_CACHE = folder;
  await load();
  const [name] = readdirSync(join(folder, 'checks'));
  const path = join(folder, 'checks', name);
  return { path, text: readFileSync(path, 'utf8') };
}

export default (folder) => {
  let note;
  return async (random) => {
    if (random.integer(2) === 0) return load(spoilValue(SAID, random));
    note ??= await noteIn(folder);
    const spoilt = JSON.stringify(spoilValue(JSON.parse(note.text), random, HOSTILE_JSON)) ?? '';
    writeFileSync(note.path, random.integer(2) === 0 ? spoilt : spoilText(note.text, WORDS, random));
    return load();
  };
};
