// A model's manifest: as a value, and as the text of a file beside a model.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findModel, parseManifest, shippedModels } from 'fep-native';
import { zip } from '../../helpers/libtorch.mjs';
import { HOSTILE_JSON, spoilText, spoilValue } from '../mutate.mjs';

const [{ manifest }] = await Promise.all(shippedModels().map(({ path }) => findModel(path)));
/** What makes a zip archive look like a TorchScript file. */
const PROGRAM = { 'with/constants.pkl': '', 'with/code/model.py': '' };
const WORDS = [
  'null',
  '[]',
  '{}',
  '1e999',
  '-1',
  '"',
  '\\u0000',
  '\ufeff',
  '{"__proto__": {"x": 1}}',
  '[['.repeat(500),
];

export default (folder) => async (random) => {
  const spoilt = spoilValue(manifest, random, HOSTILE_JSON);
  const kind = random.integer(4);
  if (kind === 0) return parseManifest(spoilValue(manifest, random), 'here');
  if (kind === 1) return parseManifest(spoilt, 'here');
  const text = kind === 2 ? JSON.stringify(spoilt) : spoilText(JSON.stringify(manifest), WORDS, random);
  const path = join(folder, 'model.pt');
  if (random.integer(2) === 0) {
    writeFileSync(path, 'a model');
    writeFileSync(join(folder, 'model.json'), text ?? '');
    return findModel(path);
  }
  const archive = join(folder, 'with.pt');
  writeFileSync(archive, zip({ ...PROGRAM, 'with/extra/fep.json': text ?? '' }));
  return findModel(archive);
};
