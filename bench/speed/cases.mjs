// What `npm run bench:speed` times: full-size networks with random weights, with the papers' steps and σ.

/** How each network is exported. */
export const MODELS = {
  'r2plus1d-18': { arch: 'r2plus1d_18' },
  'tsm-r50': { arch: 'tsm_r50' },
};

const METHODS = ['ep', 'step', 'f-ep'];
const grid = (model, step, sigma) => METHODS.map((method) => ({ model, step, sigma, method }));

export const CASES = [
  ...grid('r2plus1d-18', 13, 23),
  ...grid('r2plus1d-18', 7, 11),
  ...grid('tsm-r50', 13, 23),
  ...grid('tsm-r50', 7, 23),
];

const graph = { explain: { cudaGraph: true }, onlyOn: 'cuda' };

/**
 * The ways in which fep-native runs a model: options of `loadModel` and of `explain`. The PyTorch script always runs in
 * float32, except that it uses tf32 if the variant does.
 */
export const VARIANTS = [
  { name: 'float32', options: {} },
  { name: 'float32, graph', options: {}, ...graph },
  { name: 'tf32', options: { precision: 'tf32' }, onlyOn: 'cuda' },
  { name: 'tf32, tuned, graph', options: { precision: 'tf32', tune: true }, ...graph },
  { name: 'float32, tuned', options: { tune: true } },
  { name: 'bfloat16', options: { precision: 'bfloat16' } },
  { name: 'bfloat16, tuned', options: { precision: 'bfloat16', tune: true } },
  { name: 'bfloat16, tuned, graph', options: { precision: 'bfloat16', tune: true }, ...graph },
];
