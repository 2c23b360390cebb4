// The clips, methods and settings behind docs/results.md. After a change here, `npm run results` recomputes what depends on
// it in .cache/results.
import { join } from 'node:path';
import { root } from '../../scripts/run.mjs';

export const FOLDER = join(root, '.cache', 'results');
export const PAGE = join(root, 'docs', 'results.md');
export const PICTURES = join(root, 'docs', 'results');

/** Number of clips in each model's comparison. */
export const CLIPS = { 'r2plus1d-mini': 100, 'tsm-mini': 50 };
export const MODELS = Object.keys(CLIPS);

/** A model of another family, for which nothing was chosen. */
export const OTHER_MODEL = { name: 'transformer-mini', clips: 24 };

/** The step and σ of the paper's methods here are those of its F-EP. */
const MASK = { step: 13, sigma: 23 };

const COMMON = { data: 'synthetic', area: 0.05, foldBatchNorm: true };

/** What the benches of the paper's methods share. The area is a share of the frame, so that masks open about the same area. */
const SHARED = { ...COMMON, ...MASK, areaOver: 'frame' };

/** Updates per mask in the comparison. The page shows that the energies have settled by then. */
export const ITERATIONS = 150;

const CONTROLS = ['random', 'center', 'oracle'];
const SALIENCY = ['gradients', 'integrated-gradients', 'smoothgrad', 'grad-cam', 'grad-cam-plus-plus'];

/** Decides, on validation clips, how hard clips must be for the metrics to tell methods apart. */
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

/** The methods whose energies are followed, and for how long. */
export const SETTLING = {
  clips: 3,
  options: { ...MASK, areaOver: 'frame', area: 0.05, iterations: 500 },
  methods: ['ep', 'step', 'f-ep'],
  at: [50, 100, 150, 200, 250, 300, 400, 500],
};

/** Budgets of frames, on clips whose actor is to be seen in 40 to 60 % of them. */
export const FRAMES = {
  clips: 20,
  budgets: [1, 0.5, 0.25],
  options: { preset: 'quick', area: 0.05 },
};

/** Selects r_l, r_h and the domain on clips that the comparison does not use. */
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

/** A model's comparison, but for the masks. */
const clipsOf = (model) => ({ ...COMMON, models: [model], limit: CLIPS[model], curveSteps: 16 });

/** The comparison. @param chosen the selected cell of F-EP */
export const comparison = (model, chosen) => ({
  ...SHARED,
  ...clipsOf(model),
  iterations: ITERATIONS,
  methods: [...SALIENCY, EP, STEP, fep(chosen), ...CONTROLS],
});

const OTHER = { parameters: 'mask', mask: 'parameters' };

/** F-EP with its gradient modulated in the other domain, on the first clips of the comparison. */
export const otherDomain = (model, chosen) => ({
  ...comparison(model, chosen),
  limit: 0.3 * CLIPS[model],
  methods: [fep({ ...chosen, domain: OTHER[chosen.domain] })],
});

/** F-EP as `explain` has it, and its peers in as few updates, on the clips of the comparison. */
export const DEFAULT = 'F-EP';
export const quick = (model) => ({
  ...clipsOf(model),
  preset: 'quick',
  methods: [
    { method: 'f-ep', label: DEFAULT },
    { method: 'f-ep', label: 'F-EP, constant bands', options: { course: 'constant', ...MASK } },
    { method: 'ep', label: '3D-EP, quick' },
  ],
});

/** RISE, which takes several times as long, on the first of these clips. */
export const rise = (model) => ({ ...clipsOf(model), limit: 24, methods: ['rise'] });

/** The methods on the other model: F-EP as `explain` has it, its peers in as few updates, and the others as published. */
export const otherModel = () => {
  const published = { ...MASK, iterations: ITERATIONS, preset: 'paper', areaOver: 'frame' };
  return {
    ...clipsOf(OTHER_MODEL.name),
    limit: OTHER_MODEL.clips,
    preset: 'quick',
    methods: [
      { method: 'f-ep', label: DEFAULT },
      { method: 'ep', label: '3D-EP, quick' },
      ...[EP, STEP, { method: 'f-ep', label: 'F-EP, published' }].map((row) => ({
        ...row,
        options: published,
      })),
      'grad-cam',
      'grad-cam-plus-plus',
      'integrated-gradients',
      'smoothgrad',
      'rise',
      ...CONTROLS,
    ],
  };
};

/** Area budgets around that of the comparison. */
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
