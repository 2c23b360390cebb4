// Models of the kinds that people bring, made by test/reference/field_models.py, and what is right for them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModel, readClip, readNpy } from 'fep-native';
import { exported } from './python.mjs';

/** What they take. */
export const FIELD_INPUT = { layout: 'NCTHW', frames: 8, height: 32, width: 32 };

/** Makes them before the tests of a file, where they are not yet there. */
export function makeFieldModels(test) {
  let folder;
  let truth;
  test.before(async (t) => {
    t.timeout(600_000);
    folder = await exported((into) => ['field_models.py', into]);
    truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8'));
  });
  const file = (name) => [name, `${name}.pt`].map((each) => join(folder, each)).find(existsSync);
  return {
    /** Where they are. */
    folder: () => folder,
    file,
    /** Loads one, which goes away with its test. */
    load: async (t, name, options = {}) => {
      const model = await loadModel(file(name), { input: FIELD_INPUT, activation: 'logits', ...options });
      t.teardown(() => model.dispose());
      return model;
    },
    clip: () => readClip(join(folder, 'clip.npy'), FIELD_CLIP),
    /** What the file answers to the clip in Python. */
    answer: (name) => truth[name],
    /** Of its first number, ∂/∂clip by torch.autograd.grad of the file: C×T×H×W. */
    gradient: async (name) => (await readNpy(join(folder, `${name}.gradient.npy`))).data,
  };
}

const FIELD_CLIP = {
  ...FIELD_INPUT,
  sampling: { type: 'uniform' },
  resize: { mode: 'stretch' },
  mean: [0, 0, 0],
  std: [1, 1, 1],
  channelOrder: 'RGB',
};

/** Mean over channels of |g|, from C×T×H×W. */
export function meanMagnitude(gradient, channels = 3) {
  const voxels = gradient.length / channels;
  return Float64Array.from({ length: voxels }, (_, v) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += Math.abs(gradient[c * voxels + v]);
    return sum / channels;
  });
}

/** |Σ over channels of x·g|. */
export function summedContribution(clip, gradient, channels = 3) {
  const voxels = gradient.length / channels;
  return Float64Array.from({ length: voxels }, (_, v) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += clip[c * voxels + v] * gradient[c * voxels + v];
    return Math.abs(sum);
  });
}
