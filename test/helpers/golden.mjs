// The model and clip of test/fixtures/golden, with what independent implementations found on them.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadModel, readClip, readNpy } from 'fep-native';

/** Path of a golden file. */
export const golden = (name) => fileURLToPath(new URL(`../fixtures/golden/${name}`, import.meta.url));

/** golden.json: target, logits and cases. */
export const GOLDEN = JSON.parse(readFileSync(golden('golden.json'), 'utf8'));

/** What tiny.pt, a bare TorchScript file, does not say of itself. */
export const TINY = {
  input: { layout: 'NCTHW', frames: 16, height: 64, width: 64 },
  activation: 'logits',
};

/** The model, which goes away with the test. */
export async function tiny(t, options = {}) {
  const model = await loadModel(golden('tiny.pt'), { ...TINY, ...options });
  t.teardown(() => model.dispose());
  return model;
}

export const goldenClip = (model) => readClip(golden('clip.npy'), model.manifest.input);

/** The numbers in a golden `.npy`. */
export const goldenArray = async (name) => (await readNpy(golden(name))).data;

const METHODS = { '3d_ep': 'ep', '2d_ep': 'ep-2d', step: 'step' };

/** What `explain` is told to repeat one of the golden runs, GOLDEN.cases. */
export function goldenOptions({ method, iterations, area, step, sigma }) {
  return { method: METHODS[method], iterations, area, step, sigma, target: GOLDEN.target };
}

export function softmax(logits) {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** Largest and mean absolute difference of two arrays of one length. */
export function difference(a, b) {
  if (a.length !== b.length) throw new Error(`${a.length} numbers against ${b.length}`);
  let [maximum, sum] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i] - b[i]);
    if (!(d <= maximum)) maximum = d; // a NaN stays
    sum += d;
  }
  return { maximum, mean: sum / a.length };
}

/** Largest relative difference of the first `count` numbers. */
export function relative(found, expected, count = expected.length) {
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const d = Math.abs(found[i] - expected[i]) / Math.abs(expected[i]);
    if (!(d <= worst)) worst = d;
  }
  return worst;
}

export const mean = (array) => array.reduce((sum, value) => sum + value, 0) / array.length;
