// Milliseconds for an iteration of the rows' runs: of the usual PyTorch script and of ours, by turns.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel, readClip, writeNpy } from '../../dist/index.mjs';
import { venvPython } from '../python-env.mjs';
import { root, run } from '../run.mjs';
import { MODEL } from './settings.mjs';

const PAIRS = 3;
const ITERATIONS = 30;
const FOLDER = join(root, '.cache', 'bench');
const file = join(root, 'models', `${MODEL}.pt`);

export async function measureIteration() {
  mkdirSync(FOLDER, { recursive: true });
  const clip = join(FOLDER, 'clip.npy');
  const { layout } = await writeClip(clip);
  const pairs = [];
  for (let pair = 0; pair < PAIRS; pair++)
    pairs.push({ theirs: await theirs(clip, layout), ours: await ours(clip) });
  const middle = (of) => pairs.map(of).sort((a, b) => a - b)[PAIRS >> 1];
  return {
    ...{ pairs: PAIRS, iterations: ITERATIONS },
    theirs: middle(({ theirs }) => theirs),
    ours: middle(({ ours }) => ours),
    ratio: middle(({ theirs, ours }) => theirs / ours),
  };
}

async function writeClip(path) {
  const model = await loadModel(file);
  const { input } = model.manifest;
  const { data, frames, height, width } = await readClip(join(root, 'models', 'sample.mp4'), input);
  await writeNpy(path, { data, shape: [3, frames, height, width] });
  model.dispose();
  return input;
}

async function theirs(clip, layout) {
  const script = join(root, 'bench', 'eager_ep.py');
  const files = ['--model', file, '--clip', clip, '--layout', layout];
  const found = await run(venvPython, [
    script,
    ...files,
    '--method',
    'f-ep',
    '--iterations',
    String(ITERATIONS),
  ]);
  return (1000 * JSON.parse(found).seconds) / ITERATIONS;
}

async function ours(clip) {
  const explain = { method: 'f-ep', iterations: ITERATIONS };
  const asked = { model: file, clip, out: join(FOLDER, 'mask.bin'), load: { foldBatchNorm: true }, explain };
  const found = await run(process.execPath, [join(root, 'bench', 'ours.mjs'), JSON.stringify(asked)]);
  return (1000 * JSON.parse(found).seconds) / ITERATIONS;
}
