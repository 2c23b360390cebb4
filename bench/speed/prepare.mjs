// The networks that are timed, with random weights, and the clip that they see; made once, in .cache/bench.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readClip, writeNpy } from '../../dist/index.mjs';
import { findModel } from '../../dist/model/findModel.js';
import { root, run } from '../../scripts/run.mjs';
import { MODELS } from './cases.mjs';

export const FOLDER = join(root, '.cache', 'bench');

/** One of MODELS, exported, and the sample clip as it takes it. */
export async function prepareModel(name, python) {
  mkdirSync(FOLDER, { recursive: true });
  const { arch } = MODELS[name];
  const file = join(FOLDER, `${name}.pt`);
  const clip = join(FOLDER, `${name}-clip.npy`);
  if (!existsSync(file)) {
    const script = join(root, 'scripts', 'export', 'export_model.py');
    await run(python, [script, '--arch', arch, '--random-init', '--seed', '0', '--out', file]);
  }
  return { file, clip, layout: await prepareClip(file, clip) };
}

/** The sample clip as a model file takes it, for both sides; made once. @returns the order of the input's axes */
export async function prepareClip(file, path) {
  const { manifest } = await findModel(file);
  const { input } = manifest;
  if (!existsSync(path)) {
    const { data, frames, height, width } = await readClip(join(root, 'models', 'sample.mp4'), input);
    await writeNpy(path, { data, shape: [3, frames, height, width] });
  }
  return input.layout;
}
