// The clips, methods and settings behind docs/quick.md. After a change here, `npm run results:quick` recomputes what depends
// on it in .cache/quick.
import { join } from 'node:path';
import { root } from '../../scripts/run.mjs';

export const FOLDER = join(root, '.cache', 'quick');
export const PAGE = join(root, 'docs', 'quick.md');
export const MODELS = ['r2plus1d-mini', 'tsm-mini'];

/** Clips of a set that neither the models nor the settings of `quick` were chosen on. */
const CLIPS = { data: 'synthetic', split: 'test', dataSeed: 22, difficulty: 'hard', limit: 24 };

export const comparison = (model) => ({
  ...CLIPS,
  models: [model],
  preset: 'quick',
  area: [0.05, 0.1],
  curveSteps: 10,
  keepClips: 0,
  methods: [
    { method: 'f-ep', label: OWN },
    {
      method: 'f-ep',
      label: 'F-EP, constant bands, 13/23',
      options: { course: 'constant', step: 13, sigma: 23 },
    },
    { method: 'ep', label: '3D-EP, 7/11' },
    'grad-cam-plus-plus',
    'grad-cam',
    'integrated-gradients',
    'rise',
    'random',
  ],
});

/** The row of F-EP as `quick` has it. */
export const OWN = 'F-EP, quick';
