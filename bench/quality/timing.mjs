// Milliseconds for an iteration of the rows' runs: of the usual PyTorch script and of ours, by turns.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { venvPython } from '../../scripts/python-env.mjs';
import { root } from '../../scripts/run.mjs';
import { prepareClip } from '../speed/prepare.mjs';
import { median, perIteration, runOurs, runTheirs } from '../speed/sides.mjs';
import { MODEL } from './settings.mjs';

const PAIRS = 3;
const RUN = { method: 'f-ep', iterations: 30 };
const FOLDER = join(root, '.cache', 'bench');

export async function measureIteration() {
  mkdirSync(FOLDER, { recursive: true });
  const files = { model: join(root, 'models', `${MODEL}.pt`), clip: join(FOLDER, `${MODEL}-clip.npy`) };
  const layout = await prepareClip(files.model, files.clip);
  const ourSide = { ...files, out: join(FOLDER, 'mask.bin'), load: { foldBatchNorm: true }, explain: RUN };
  const pairs = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const theirs = perIteration(await runTheirs(venvPython, { ...files, layout, ...RUN }));
    pairs.push({ theirs, ours: perIteration(await runOurs(ourSide)) });
  }
  return {
    ...{ pairs: PAIRS, iterations: RUN.iterations },
    theirs: median(pairs.map(({ theirs }) => theirs)),
    ours: median(pairs.map(({ ours }) => ours)),
  };
}
