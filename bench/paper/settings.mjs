// What docs/results.md rests on: which clips, methods and settings. Change it, and `npm run results` computes anew
// what depends on it, in .cache/results, where an interrupted run goes on.
import { join } from 'node:path';
import { root } from '../../scripts/run.mjs';

export const FOLDER = join(root, '.cache', 'results');
export const PAGE = join(root, 'docs', 'results.md');
export const PICTURES = join(root, 'docs', 'results');

/** Clips of the comparison for each model. */
export const CLIPS = { 'r2plus1d-mini': 100, 'tsm-mini': 50 };
export const MODELS = Object.keys(CLIPS);

/** Step and σ of all masks: F-EP's. */
const MASK = { step: 13, sigma: 23 };

/** What all parts have in common. Masks are made for a share of the frame, so that they open about the same area. */
const SHARED = { data: 'synthetic', ...MASK, areaOver: 'frame', area: 0.05, foldBatchNorm: true };

/** Updates of each mask in the comparison; the page shows that the energies have settled by then. */
export const ITERATIONS = 150;

const CONTROLS = ['random', 'center', 'oracle'];
const SALIENCY = ['gradients', 'integrated-gradients', 'smoothgrad', 'grad-cam', 'grad-cam-plus-plus'];

/** How hard the clips must be for the metrics to tell methods apart: decided on the validation part. */
export const DIFFICULTIES = ['easy', 'standard', 'hard'];
export const difficultyBench = (model, difficulty) => ({
  models: [model],
  data: 'synthetic',
  split: 'validation',
  difficulty,
  limit: 24,
  curveSteps: 0,
  methods: ['gradients', 'grad-cam', ...CONTROLS],
});

/** Whose energies are followed, and for how long. */
export const SETTLING = {
  clips: 3,
  options: { ...MASK, areaOver: 'frame', area: 0.05, iterations: 500 },
  methods: ['ep', 'step', 'f-ep'],
  at: [50, 100, 150, 200, 250, 300, 400, 500],
};

/** r_l, r_h and the domain are chosen on clips that the comparison does not see. */
export const selection = (model) => ({
  ...SHARED,
  models: [model],
  split: 'validation',
  limit: 6,
  curveSteps: 0,
  iterations: ITERATIONS,
  lowRatios: [0.3, 0.5, 0.7],
  highRatios: [0, 0.2],
  domains: ['parameters', 'mask'],
  select: true,
});

/** The comparison; `chosen` is the cell of F-EP that was selected. */
export const comparison = (model, chosen) => ({
  ...SHARED,
  models: [model],
  limit: CLIPS[model],
  iterations: ITERATIONS,
  curveSteps: 16,
  methods: [...SALIENCY, EP, STEP, fep(chosen), ...CONTROLS],
});

const OTHER = { parameters: 'mask', mask: 'parameters' };

/** F-EP with its gradient modulated in the domain that was not selected, on the comparison's first clips. */
export const otherDomain = (model, chosen) => ({
  ...comparison(model, chosen),
  limit: 0.3 * CLIPS[model],
  methods: [fep({ ...chosen, domain: OTHER[chosen.domain] })],
});

/** Budgets around the comparison's. */
export const budgets = (model, chosen) => ({
  ...SHARED,
  models: [model],
  limit: 6,
  iterations: ITERATIONS,
  curveSteps: 0,
  area: [0.02, 0.05, 0.1],
  methods: [EP, fep(chosen)],
});

const EP = { method: 'ep', label: '3D-EP' };
const STEP = { method: 'step', label: 'STEP' };

function fep({ lowRatio, highRatio, domain }) {
  return { method: 'f-ep', label: fepLabel(domain), options: { lowRatio, highRatio, domain } };
}

export function fepLabel(domain) {
  return `F-EP on ${domain}`;
}
