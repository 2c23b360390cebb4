// npm run performance: writes docs/performance.md from the measurements that `npm run bench:speed`,
// `npm run bench:bare` and `npm run quality` saved in bench/results. Every number on the page comes from those files.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from '../dist/bench/table/markdown.js';
import { describeForm } from '../dist/model/modelForm.js';
import { root } from '../scripts/run.mjs';
import { savePage } from './common/page.mjs';
import { machineName, RESULTS } from './common/results.mjs';
import { qualitySection } from './quality/section.mjs';
import { bareTable, speedTable } from './speed/table.mjs';

const NO_GPU =
  'Nothing here has been measured on a GPU yet. What is for one, the CUDA operators, iterations from a CUDA graph ' +
  '(`--cuda-graph`) and several clips and settings in one run (`--batch`, `explainAll`), compiles, and its parts are tested on ' +
  'a CPU; `scripts/gpu-smoke.sh` does the rest where there is one.';
const cpus = measured('speed-cpu');
if (cpus.length === 0) {
  throw new Error(
    'bench/results has no speed-cpu-*.json. Run `npm run bench:speed` on an idle machine first.',
  );
}
const gpus = measured('speed-cuda');
const parts = [
  introduction(),
  ...cpus.flatMap((one) => [
    ...section(`On a processor: ${machineName(one.machine)}, ${one.date}`, one),
    ...limits(one),
  ]),
  ...measured('bare-cpu').flatMap(besideBareModel),
  ...gpus.flatMap((one) => section(`On a GPU: ${machineName(one.machine)}, ${one.date}`, one)),
  ...(gpus.length > 0 ? [] : ['## On a GPU', NO_GPU]),
  ...quality(),
];
await savePage(join(root, 'docs', 'performance.md'), parts);

/** All measurements of a kind, newest first. */
function measured(kind) {
  const names = readdirSync(RESULTS).filter((name) => name.startsWith(`${kind}-`));
  const all = names.map((name) => JSON.parse(readFileSync(join(RESULTS, name), 'utf8')));
  return all.sort((a, b) => b.date.localeCompare(a.date));
}

/** The section of `npm run quality`, if it has run. */
function quality() {
  const file = join(RESULTS, 'quality.json');
  return existsSync(file) ? qualitySection(JSON.parse(readFileSync(file, 'utf8'))) : [];
}

function introduction() {
  return `# How fast it is

Made by \`npm run performance\` from what \`npm run bench:speed\` measured: an iteration of ours beside one of the usual
PyTorch script (\`bench/speed/eager_ep.py\`) on the same TorchScript file, clip and options, by turns in one run. Medians of the
pairs. “Outside” is the share of an iteration that is spent outside the model’s forward and backward pass; “peak” is a
process’s whole memory, libtorch’s included; the ratio is theirs over ours. A run’s first iterations round as the published
code does, which takes longer: the fewer the iterations, the larger “outside” looks here.`;
}

function section(title, { machine, versions, results, note }) {
  const { processor, threads, gpu: card } = machine;
  const where = card ? `${card}, ${processor}` : `${threads} threads`;
  const [{ iterations, pairs }] = results;
  return [
    `## ${title}`,
    `${where}, libtorch ${versions.libtorch}, ${pairs} pairs of ${iterations} iterations each.${note ? ` ${note}` : ''}`,
    speedTable(results),
    ...formsThatTuneTook(results),
  ];
}

function formsThatTuneTook(results) {
  const tuned = results.filter(({ variant }) => variant.endsWith('tuned'));
  const lines = tuned.map(({ model, variant, form }) => `- ${model}, ${variant}: ${describeForm(form)}`);
  const distinct = [...new Set(lines)].join('\n');
  return distinct ? [`“Tuned” is the form that \`--tune\` found fastest here:\n\n${distinct}`] : [];
}

/** How long the model would take if the processor's arithmetic, or its memory, were the only limit. */
function limits({ limits: { operationsPerSecond, bytesPerSecond, models }, results }) {
  const inFloat32 = results.filter(({ variant }) => variant.startsWith('float32'));
  const rows = Object.entries(models).map(([model, { forward, backward }]) => {
    const [operations, bytes] = [forward.operations + backward.operations, forward.bytes + backward.bytes];
    const arithmetic = (1e3 * operations) / operationsPerSecond;
    const memory = (1e3 * bytes) / bytesPerSecond;
    const own = inFloat32.filter((one) => one.model === model).map(({ ours }) => insideModel(ours));
    const fastest = Math.min(...own);
    return [
      model,
      `${(operations / 1e9).toFixed(1)} GFLOP`,
      `${arithmetic.toFixed(0)} ms`,
      `${(bytes / 1e9).toFixed(2)} GB`,
      `${memory.toFixed(0)} ms`,
      `${fastest.toFixed(0)} ms`,
      `${(fastest / Math.max(arithmetic, memory)).toFixed(2)}×`,
      arithmetic > memory ? 'operations' : 'bytes',
    ];
  });
  return [
    '### How far that is from what the processor can do',
    `A matrix product runs at ${(operationsPerSecond / 1e9).toFixed(0)} GFLOP/s here, and adding two long vectors ` +
      `moves ${(bytesPerSecond / 1e9).toFixed(1)} GB/s. Operations are those of convolutions and matrix products, ` +
      'forward and backward to the input; bytes are those of every operator’s tensors, once each. Measured is the model’s ' +
      'part of our fastest float32 case.',
    markdownTable(
      ['Model', 'Operations', 'at that rate', 'Bytes', 'at that rate', 'Measured', 'of the limit', 'Limit'],
      rows,
    ),
    dominates(inFloat32),
  ];
}

/** An iteration compared with the model's passes alone. */
function besideBareModel({ machine, date, versions, iterations, pairs, results }) {
  return [
    '## Beside the model alone',
    `${machineName(machine)}, ${machine.threads} threads, libtorch ${versions.libtorch}, ${date}: an iteration of F-EP, its ` +
      `first one included, beside a forward and backward pass of the same model in the form that \`--tune\` takes; ${pairs} pairs of ` +
      `${iterations} each, by turns in one process (\`npm run bench:bare\`).`,
    bareTable(results),
  ];
}

function insideModel({ millisecondsPerIteration, shareOutsideModel }) {
  return millisecondsPerIteration * (1 - shareOutsideModel);
}

function dominates(results) {
  const shares = results.map(({ ours }) => 100 * ours.shareOutsideModel);
  return (
    `The model takes ${(100 - Math.max(...shares)).toFixed(0)} to ${(100 - Math.min(...shares)).toFixed(0)} % of an ` +
    'iteration in float32.'
  );
}
