// What is compared: courses of F-EP's optimisation, on the clips of one model.
import { join } from 'node:path';
import { root } from '../../scripts/run.mjs';

export const FOLDER = join(root, '.cache', 'quality');
export const MODEL = 'r2plus1d-mini';
export const CLIPS = 50;

/** Rows, each a bench of its own; the first is what the others have to reach. */
export const ROWS = [
  { name: 'full', title: 'published, 2,000 iterations', options: {} },
  { name: 'converged', title: '`--until converged`', options: { until: 'converged' } },
  { name: 'fast', title: '`--schedule fast`', options: { schedule: 'fast' } },
];

export const folderOf = ({ name }) => join(FOLDER, `${MODEL}-${name}`);

/** The bench of a row. */
export const benchOf = (row) => ({
  out: folderOf(row),
  models: [MODEL],
  ...{
    data: 'synthetic',
    difficulty: 'hard',
    limit: CLIPS,
    foldBatchNorm: true,
    curveSteps: 0,
    keepClips: 0,
  },
  methods: [{ method: 'f-ep', label: row.name, options: row.options }],
});
