// The same run of F-EP on the CPU, on another device, and there from a CUDA graph:
//
//   node bench/gpu/devices.mjs cuda
//
// prints how far energies and masks are apart. Exit code 1 if a bound is exceeded.
//
// The loop amplifies rounding, and devices round differently: between devices the bounds apply to the first energies and to
// the mean over a mask. A graph replays the same kernels on the same numbers, so its bounds are tighter.
import { join } from 'node:path';
import { markdownTable } from '../../dist/bench/table/markdown.js';
import { explain, loadModel, readClip } from '../../dist/index.mjs';
import { root } from '../../scripts/run.mjs';
import { difference, relative } from '../../test/helpers/golden.mjs';

const FIRST = 10;
const BETWEEN = { energy: 2e-3, mask: 0.03 };
const REPLAYED = { energy: 1e-5, mask: 1e-3 };
const OPTIONS = { method: 'f-ep', preset: 'paper', area: 0.1, iterations: 100 };

const device = process.argv[2] ?? 'cuda';
const head = ['model', 'compared', `energy, first ${FIRST}`, 'mask, mean', 'mask, max', 'ms an iteration'];
const rows = [];
for (const name of ['r2plus1d-mini', 'tsm-mini']) {
  const onCpu = await run(name, 'cpu', {});
  const there = await run(name, device, {});
  const replayed = await run(name, device, { cudaGraph: device.startsWith('cuda') });
  rows.push(compare(name, `${device} with cpu`, there, onCpu, BETWEEN));
  rows.push(compare(name, `${replayed.replayed} replayed with none`, replayed, there, REPLAYED));
}
console.log(
  markdownTable(
    head,
    rows.map(({ cells }) => cells),
  ),
);
if (rows.some(({ passes }) => !passes)) {
  console.error('a bound was exceeded, or nothing was replayed');
  process.exitCode = 1;
}

async function run(name, where, more) {
  const model = await loadModel(name, { device: where });
  try {
    const clip = await readClip(join(root, 'models', 'sample.mp4'), model.manifest.input);
    const { masks, timing } = await explain(model, clip, { ...OPTIONS, ...more });
    const [{ mask, energy }] = masks;
    const { secondsPerIteration, replayed = 0 } = timing;
    const energies = energy.map((part) => part.reward + part.area + part.core);
    return { mask, energies, milliseconds: 1000 * secondsPerIteration, replayed };
  } finally {
    model.dispose();
  }
}

function compare(name, what, found, expected, bounds) {
  const energy = relative(found.energies, expected.energies, FIRST);
  const { mean, maximum } = difference(found.mask, expected.mask);
  const numbers = [energy, mean, maximum].map((n) => n.toExponential(1));
  const isReplayed = bounds !== REPLAYED || found.replayed > 0 || !device.startsWith('cuda');
  return {
    cells: [name, what, ...numbers, found.milliseconds.toFixed(2)],
    passes: energy <= bounds.energy && mean <= bounds.mask && isReplayed,
  };
}
