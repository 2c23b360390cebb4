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
    const script = join(root, 'scripts', 'export', 'export_model.py');
    const { arch } = MODELS[name];
    await run(python, [script, '--arch', arch, '--random-init', '--seed', '0', '--out', model]);
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
