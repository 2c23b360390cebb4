import type { ModelSketch } from '../../binding';
import { loadAddon } from '../binding/addon';
import { runJob } from '../binding/runJob';
import type { Manifest } from '../manifest/manifest';
import { checkMemory } from './checkMemory';
import { describedModel } from './loadModel';
import { formOf } from './modelForm';

export type { ModelSketch } from '../../binding';

/**
 * What a model's file shows without its arithmetic: parameters, layers with their shapes, and operations. Convolutions
 * and matrix products are not computed, so that it takes seconds where a forward takes minutes.
 *
 * @throws FepError `FEP_MODEL_LOAD`, `FEP_MODEL_OUTPUT`, `FEP_MODEL_RUN` when its code asks for the numbers themselves
 */
export async function sketchModel(
  path: string,
  manifest: Manifest,
  signal?: AbortSignal,
): Promise<ModelSketch> {
  checkMemory(manifest.input);
  const exported = {
    device: 'cpu',
    precision: 'float32',
    form: formOf({}),
    formWasCompared: false,
    tune: false,
    threads: 0,
  } as const;
  const spec = { ...describedModel(path, manifest), ...exported };
  return runJob(() => loadAddon().sketchModel(spec), signal);
}
