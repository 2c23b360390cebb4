// npm run bench:speed: times an iteration of fep-native against one of the usual PyTorch script (eager_ep.py), on the same
// model file, clip and options. The two alternate, so that noise on the machine affects both. Reports medians over the pairs.
//
//   npm run bench:speed -- --device cuda --python python3   (a Python whose torch has CUDA)
//   npm run bench:speed -- --cases "r2plus1d-18;7/23" --iterations 10 --pairs 3 --variants "float32;bfloat16"
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readNpy } from '../../dist/index.mjs';
import { venvPython } from '../../scripts/python-env.mjs';
import { root, run } from '../../scripts/run.mjs';
import { difference } from '../../test/helpers/golden.mjs';
import { median } from '../common/averages.mjs';
import { saveResults } from '../common/results.mjs';
import { CASES, VARIANTS } from './cases.mjs';
import { FOLDER, prepareModel } from './prepare.mjs';
import { perIteration, runOurs, runTheirs } from './sides.mjs';
import { cells, nameOf, speedTable } from './table.mjs';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '' },
    variants: { type: 'string', default: '' },
    iterations: { type: 'string', default: '8' },
    pairs: { type: 'string', default: '3' },
    out: { type: 'string' },
    device: { type: 'string', default: 'cpu' },
    python: { type: 'string', default: venvPython },
  },
});
const iterations = Number(values.iterations);
const pairs = Number(values.pairs);
const kind = values.device.split(':')[0];
const onGpu = kind === 'cuda';
let gpu;
let versions;

const results = [];
const files = {};
for (const one of CASES.filter((each) => isAsked(nameOf(each)))) {
  files[one.model] ??= await prepareModel(one.model, values.python);
  for (const variant of chosenVariants()) {
    const result = await measure(one, variant, files[one.model]);
    results.push(result);
    console.log(cells(result).join('  '));
  }
}
console.log(`\n${speedTable(results)}`);
const limits = onGpu ? undefined : await findLimits();
const measured = { gpu, versions, limits, results };
console.log(`\n${saveResults(`speed-${kind}`, measured, values.out)}`);

function isAsked(name) {
  return values.cases.split(';').some((part) => name.includes(part));
}

function chosenVariants() {
  const wanted = values.variants.split(/;/).filter(Boolean);
  const possible = VARIANTS.filter(({ onlyOn = kind }) => onlyOn === kind);
  return possible.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
}

/** The processor's limits, and what each model needs. */
async function findLimits() {
  const names = Object.keys(files);
  const paths = names.map((name) => files[name].model);
  const script = join(root, 'bench', 'speed', 'limits.py');
  const threads = String(availableParallelism());
  const { machine, models } = JSON.parse(await run(values.python, [script, '--threads', threads, ...paths]));
  return { ...machine, models: Object.fromEntries(names.map((name, i) => [name, models[i]])) };
}

/** Runs both sides alternately, theirs first. */
async function measure(one, { name: variant, options: load, explain: more }, prepared) {
  const { method, step, sigma } = one;
  const asked = { method, step, sigma, iterations };
  const masks = ['theirs', 'ours'].map((side) => join(FOLDER, `mask-${side}.npy`));
  const found = { theirs: [], ours: [], differences: [] };
  for (let pair = 0; pair < pairs; pair++) {
    const theirs = await runTheirs(values.python, {
      ...prepared,
      ...asked,
      out: masks[0],
      device: values.device,
      ...(load.precision === 'tf32' && { tf32: true }),
    });
    gpu ??= theirs.gpu;
    const ours = await runOurs({
      ...prepared,
      out: masks[1],
      load: { ...load, device: values.device },
      explain: { ...asked, ...(method === 'f-ep' && { lowRatio: 0.5, highRatio: 0.2 }), ...more },
    });
    versions ??= ours.versions;
    found.theirs.push(theirs);
    found.ours.push(ours);
    const [a, b] = await Promise.all(masks.map((file) => readNpy(file)));
    found.differences.push(difference(a.data, b.data));
  }
  return { ...one, variant, iterations, pairs, ...summarize(found) };
}

function summarize({ theirs, ours, differences }) {
  const outside = ({ seconds, modelSeconds }) => 1 - modelSeconds / seconds;
  const side = (runs) => ({
    millisecondsPerIteration: median(runs.map(perIteration)),
    // A GPU runs asynchronously, so a clock on the host cannot tell the model's share.
    ...(!onGpu && { shareOutsideModel: median(runs.map(outside)) }),
    peakBytes: median(runs.map(({ peakBytes }) => peakBytes)),
  });
  return {
    theirs: side(theirs),
    ours: side(ours),
    form: ours[0].form,
    ratio: median(theirs.map((run, i) => perIteration(run) / perIteration(ours[i]))),
    maskDifference: {
      maximum: Math.max(...differences.map(({ maximum }) => maximum)),
      mean: Math.max(...differences.map(({ mean }) => mean)),
    },
  };
}
