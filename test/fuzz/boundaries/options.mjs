// Options of every kind of call, which are checked before anything is done.
import { findModel, resolveConfig, shippedModels } from 'fep-native';
import ablation from '../../../dist/ablate/options.js';
import bench from '../../../dist/bench/settings/options.js';
import datasets from '../../../dist/datasets/options.js';
import { synthesize } from '../../../dist/entries/datasets.js';
import figures from '../../../dist/figures/options.js';
import { METHODS } from '../../../dist/methods/methods.js';
import { spoilText, spoilValue } from '../mutate.mjs';

const [{ manifest }] = await Promise.all(shippedModels().map(({ path }) => findModel(path)));
const MASK = { area: [0.1, 0.2], iterations: 3, step: 7, sigma: 11, lowRatio: 0.5, highRatio: 0.2, seed: 1 };
const SALIENCY = { samples: 3, noise: 0.1, cells: [2, 3, 4], layer: 'a.b', integrationSteps: 4, target: 'x' };
const BENCH = {
  models: ['m'],
  data: 'synthetic',
  methods: ['ep', { method: 'f-ep', options: { step: 7 } }],
  area: 0.1,
};
const WORDS = ['@', ':', '=', 'step', 'lowRatio', 'NaN', '-1', '1e999', '__proto__=1', ' '.repeat(9999)];

const calls = [
  (random) => resolveConfig(spoilValue({ method: random.pick(METHODS), ...MASK }, random), manifest),
  (random) => resolveConfig(spoilValue({ method: random.pick(METHODS), ...SALIENCY }, random), manifest),
  (random) => bench.parseBenchOptions(spoilValue(BENCH, random)),
  (random) => bench.parseBenchOptions({ methods: [spoilText('ep@step=7:sigma=11', WORDS, random)] }),
  (random) =>
    ablation.parseAblateOptions(spoilValue({ lowRatios: [0.1], highRatios: [0.2], area: 0.1 }, random)),
  (random) =>
    figures.checkFigureOptions(spoilValue({ step: 7, area: 0.1, only: ['spectrum'], at: 3 }, random)),
  (random) => datasets.checkOptions(spoilValue({ split: 'val', classes: ['a'], limit: 3, seed: 1 }, random)),
  (random) => synthesize(spoilValue({ seed: 1, index: 2, frames: 2, height: 16, width: 16 }, random)),
];

export default () => async (random) => random.pick(calls)(random);
