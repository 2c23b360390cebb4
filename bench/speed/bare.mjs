// npm run bench:bare: times an iteration of F-EP against a bare forward and backward pass of the same model in the same form,
// the fastest that `--tune` finds, alternating in one process. Ratios are medians over the pairs.
//
//   npm run bench:bare -- --iterations 40 --pairs 3
import { parseArgs } from 'node:util';
import { versions } from '../../dist/binding/versions.js';
import { explain, loadModel, readClip } from '../../dist/index.mjs';
import { venvPython } from '../../scripts/python-env.mjs';
import { median } from '../common/averages.mjs';
import { saveResults } from '../common/results.mjs';
import { CASES, VARIANTS } from './cases.mjs';
import { prepareModel } from './prepare.mjs';
import { bareTable } from './table.mjs';

const { values } = parseArgs({
  options: {
    iterations: { type: 'string', default: '40' },
    pairs: { type: 'string', default: '3' },
    out: { type: 'string' },
  },
});
const iterations = Number(values.iterations);
const pairs = Number(values.pairs);

const results = [];
for (const one of CASES.filter(({ method }) => method === 'f-ep')) {
  const { model, clip } = await prepareModel(one.model, venvPython);
  for (const variant of VARIANTS.filter(({ options: { tune }, onlyOn }) => tune && !onlyOn)) {
    results.push({ ...one, variant: variant.name, ...(await measure(model, clip, variant.options, one)) });
  }
}
console.log(bareTable(results));
const measured = { versions: versions(), iterations, pairs, results };
console.log(`\n${saveResults('bare-cpu', measured, values.out)}`);

async function measure(file, path, load, { method, step, sigma }) {
  const model = await loadModel(file, load);
  try {
    const clip = await readClip(path, model.manifest.input);
    const asked = { method, step, sigma, iterations, lowRatio: 0.5, highRatio: 0.2 };
    await barePasses(model, clip, 2); // warm-up
    const seen = [];
    for (let pair = 0; pair < pairs; pair++) {
      const bare = await barePasses(model, clip, iterations);
      const { timing } = await explain(model, clip, asked);
      const outside = 1 - timing.modelSeconds / timing.seconds;
      seen.push({ bare, outside, iteration: 1000 * timing.secondsPerIteration });
    }
    return {
      form: model.form,
      bareMilliseconds: median(seen.map(({ bare }) => bare)),
      millisecondsPerIteration: median(seen.map(({ iteration }) => iteration)),
      shareOutsideModel: median(seen.map(({ outside }) => outside)),
      ratio: median(seen.map(({ bare, iteration }) => iteration / bare)),
    };
  } finally {
    model.dispose();
  }
}

/** Mean milliseconds per pass, from integrated gradients, which reports the time of the model's passes alone. */
async function barePasses(model, clip, count) {
  const { timing } = await explain(model, clip, { method: 'integrated-gradients', integrationSteps: count });
  return (1000 * timing.modelSeconds) / count;
}
