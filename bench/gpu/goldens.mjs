// Repeats the golden runs on another device, in both arithmetics:
//
//   node bench/gpu/goldens.mjs cuda
//
// prints how far energies and masks are from those of the published implementation. Exit code 1 if a bound is exceeded.
//
// The optimisation loop amplifies rounding, and a GPU does not round like the processor on which the goldens were made.
// So the bounds apply to the energies of the first iterations and to the mean over a mask; see test/40.golden.test.mjs.
import { markdownTable } from '../../dist/bench/table/markdown.js';
import { explain, loadModel } from '../../dist/index.mjs';
import {
  difference,
  GOLDEN,
  golden,
  goldenArray,
  goldenClip,
  goldenOptions,
  relative,
  TINY,
} from '../../test/helpers/golden.mjs';

const FIRST = 10;
const ENERGY_BOUND = 2e-3;
const MASK_BOUND = 0.03;
const WAYS = [{ arithmetic: 'fused' }, { arithmetic: 'fused', cudaGraph: true }, { arithmetic: 'published' }];

const device = process.argv[2] ?? 'cuda';
const model = await loadModel(golden('tiny.pt'), { ...TINY, device });
const rows = [];
try {
  const clip = await goldenClip(model);
  for (const each of GOLDEN.cases) {
    for (const options of WAYS) rows.push(await compare(each, options, clip));
  }
} finally {
  model.dispose();
}

const head = ['case', 'arithmetic', `energy, first ${FIRST}`, 'mask, mean', 'mask, max', 'ms each'];
console.log(
  markdownTable(
    head,
    rows.map(({ cells }) => cells),
  ),
);
if (rows.some(({ passes }) => !passes)) {
  console.error(`a bound was exceeded: ${ENERGY_BOUND} for energies, ${MASK_BOUND} for the mean over a mask`);
  process.exitCode = 1;
}

/** Whether a CUDA graph was used where expected: a run falls back silently without one. STEP has none, as its λ grows. */
function isReplayed({ method }, { replayed }) {
  return replayed === undefined || replayed > 0 || method === 'step' || !device.startsWith('cuda');
}

async function compare(goldenCase, options, clip) {
  const { iterations, mask, energy } = goldenCase;
  const { masks, timing } = await explain(model, clip, { ...goldenOptions(goldenCase), ...options });
  const [found] = masks;
  const [parts, expectedMask] = await Promise.all([goldenArray(energy), goldenArray(mask)]);
  const total = found.energy.map((p) => p.reward + p.area + p.core);
  const expected = Array.from({ length: iterations }, (_, i) => parts[i] + parts[iterations + i]);
  const off = relative(total, expected, Math.min(FIRST, iterations));
  const { maximum, mean } = difference(found.mask, expectedMask);
  const numbers = [off, mean, maximum].map((n) => n.toExponential(1));
  return {
    cells: [
      mask.replace('.mask.npy', ''),
      options.arithmetic + (timing.replayed === undefined ? '' : `, ${timing.replayed} replayed`),
      ...numbers,
      (1000 * timing.secondsPerIteration).toFixed(2),
    ],
    passes: off <= ENERGY_BOUND && mean <= MASK_BOUND && isReplayed(goldenCase, timing),
  };
}
