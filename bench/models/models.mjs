// npm run bench:models: imports each model with random weights at full size, explains the sample with it by every family of
// methods, and times an update of F-EP beside the library's own network in PyTorch, one after the other.
//
//   npm run bench:models -- --only "X3D;R3D" --python PYTHON --updates 4 --threads 2 --page
//
// --quick takes a small model of each library; --float32 leaves bfloat16 out, for processors that have no arithmetic of it;
// --page writes the table into docs/models.md.
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { explain, findModel, importModel, loadModel, readClip } from '../../dist/index.mjs';
import { bfloat16Problem } from '../../dist/model/check/bfloat16.js';
import { venvPython } from '../../scripts/python-env.mjs';
import { root, run } from '../../scripts/run.mjs';
import { median } from '../common/averages.mjs';
import { saveResults } from '../common/results.mjs';
import { MODELS } from './sources.mjs';
import { modelsTable, writePage } from './table.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    python: { type: 'string', default: venvPython },
    updates: { type: 'string', default: '4' },
    threads: { type: 'string', default: String(availableParallelism()) },
    float32: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
const FOLDER = join(root, '.cache', 'bench', 'models');
const threads = Number(values.threads);
const updates = Number(values.updates);

mkdirSync(FOLDER, { recursive: true });
await run(values.python, [join(root, 'bench', 'models', 'folders.py'), FOLDER]);
const results = [];
for (const one of MODELS.filter(isAsked)) {
  const result = await measure(one).catch((error) => ({ name: one.name, error: error.message }));
  results.push(result);
  console.log(JSON.stringify(result));
}
console.log(`\n${modelsTable(results)}`);
const saved = saveResults('models-cpu', { threads, results }, values.out);
console.log(`\n${saved}`);
if (values.page) writePage(JSON.parse(readFileSync(saved, 'utf8')));

function isAsked({ name, quick }) {
  if (values.quick && !quick) return false;
  return values.only.split(';').some((part) => name.includes(part));
}

async function measure({ name, folder, source = join(FOLDER, folder ?? ''), frames, size }) {
  const file = join(FOLDER, 'model.pt');
  rmSync(file, { force: true });
  const input = { ...(frames && { frames }), ...(size && { height: size, width: size }) };
  const started = performance.now();
  const choices = { python: values.python, randomInit: 0, input };
  const { origin } = await importModel(source, file, choices);
  const importSeconds = (performance.now() - started) / 1000;
  const { manifest } = await findModel(file);
  const clip = await readClip(join(root, 'models', 'sample.mp4'), manifest.input);
  const eager = await timeEager(source, input);
  const float32 = await inForm(file, clip, {});
  const isTimed = float32.bfloat16 === null && !values.float32;
  const bfloat16 = isTimed ? await updateTime(file, clip, { precision: 'bfloat16', tune: true }) : null;
  const tuned = await updateTime(file, clip, { tune: true });
  return {
    name,
    megabytes: Math.round(statSync(file).size / 2 ** 20),
    input: manifest.input,
    importSeconds,
    check: origin.check,
    eager,
    ...float32,
    tuned,
    bfloat16: float32.bfloat16 ?? 'yes',
    ...(bfloat16 && { bfloat16Update: bfloat16 }),
  };
}

/** A pass of the library's own network: its milliseconds, its operations and bytes, and the machine's rates of both. */
async function timeEager(source, { frames, height }) {
  const flags = [...(frames ? [`--frames=${frames}`] : []), ...(height ? [`--size=${height}`] : [])];
  const script = join(root, 'bench', 'models', 'eager.py');
  const args = [script, source, '--out=unused.pt', '--random-init', `--threads=${threads}`, ...flags];
  const said = await run(values.python, args);
  const { milliseconds, ...limits } = JSON.parse(said.trim().split('\n').at(-1));
  return { milliseconds: median(milliseconds), ...limits };
}

/** The time of an update, and of the methods that need one pass or a few. */
async function inForm(file, clip, load) {
  const model = await loadModel(file, { ...load, threads });
  try {
    const timing = await updateOf(model, clip);
    const others = {};
    for (const options of [
      { method: 'grad-cam' },
      { method: 'integrated-gradients', integrationSteps: 5 },
      { method: 'rise', samples: 2 },
      { method: 'attention-rollout' },
    ])
      others[options.method] = await seconds(model, clip, options);
    const bfloat16 = await bfloat16Problem(model);
    return { update: timing, others, bfloat16 };
  } finally {
    model.dispose();
  }
}

async function seconds(model, clip, options) {
  const started = performance.now();
  try {
    const { config } = await explain(model, clip, options);
    return { seconds: (performance.now() - started) / 1000, layer: config.layer };
  } catch (error) {
    return { error: error.message };
  }
}

async function updateTime(file, clip, load) {
  const started = performance.now();
  const model = await loadModel(file, { ...load, threads });
  const loadSeconds = (performance.now() - started) / 1000;
  try {
    return { ...(await updateOf(model, clip)), loadSeconds, form: model.form };
  } finally {
    model.dispose();
  }
}

/** Milliseconds of one update of F-EP, and of the model in it. */
async function updateOf(model, clip) {
  const asked = { method: 'f-ep', preset: 'paper', area: 0.1 };
  await explain(model, clip, { ...asked, iterations: 1 });
  const { timing } = await explain(model, clip, { ...asked, iterations: updates });
  return {
    milliseconds: 1000 * timing.secondsPerIteration,
    model: (1000 * timing.modelSeconds) / updates,
  };
}
