// The inputs of a timing: networks with random weights, and the sample clip in a .npy file. Each is made once and kept in
// .cache/bench.
import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readClip, writeNpy } from '../../dist/index.mjs';
import { findModel } from '../../dist/model/findModel.js';
import { root, run } from '../../scripts/run.mjs';
import { MODELS } from './cases.mjs';

export const FOLDER = join(root, '.cache', 'bench');

/** Exports one of MODELS. @returns what `prepareClip` returns for it */
export async function prepareModel(name, python) {
  const model = join(FOLDER, `${name}.pt`);
  if (!existsSync(model)) {
    mkdirSync(FOLDER, { recursive: true });
    const { arch } = MODELS[name];
    const args = ['-m', 'fep_import', `release:${arch}`, '--random-init', '--seed', '0', '--out', model];
    await run(python, args, { env: { ...process.env, PYTHONPATH: join(root, 'python') } });
  }
  return prepareClip(model);
}

/**
 * Saves the sample clip as a model takes it.
 *
 * @param model a model file
 * @returns the `model` and `clip` files, and the `layout` of the model's input
 */
export async function prepareClip(model) {
  const clip = join(FOLDER, `${basename(model, '.pt')}-clip.npy`);
  const { manifest } = await findModel(model);
  if (!existsSync(clip)) {
    mkdirSync(FOLDER, { recursive: true });
    const { data, frames, height, width } = await readClip(
      join(root, 'models', 'sample.mp4'),
      manifest.input,
    );
    await writeNpy(clip, { data, shape: [3, frames, height, width] });
  }
  return { model, clip, layout: manifest.input.layout };
}
