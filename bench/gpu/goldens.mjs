// The golden runs on another device than the one they were made on, by both arithmetics: `node bench/gpu/goldens.mjs cuda`
// prints how far energies and masks are from the published implementation's. Exit code 1 if a bound is passed.
//
// The loop amplifies rounding, and no GPU rounds as the processor of the goldens did. So bounds are on the energies of
// the first iterations, and on masks in the mean; test/40.golden.test.mjs says more.
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
  console.error(`a bound was passed: ${ENERGY_BOUND} for energies, ${MASK_BOUND} for masks in the mean`);
  process.exitCode = 1;
}

/** Graphs that cannot be made are done without, which nobody else would notice; STEP's λ grows, so it has none. */
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
