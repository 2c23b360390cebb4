// What is gained by explaining several clips in one run:
//
//   node bench/gpu/batches.mjs [device] [model] [iterations] [most clips]
//
// prints the milliseconds per clip and iteration for several numbers of clips; on a GPU, with and without CUDA graphs.
import { join } from 'node:path';
import { markdownTable } from '../../dist/bench/table/markdown.js';
import { explainAll, loadModel, readClip } from '../../dist/index.mjs';
import { root } from '../../scripts/run.mjs';

const [device = 'cpu', name = 'r2plus1d-mini', given, most] = process.argv.slice(2);
const onGpu = device.startsWith('cuda');
const iterations = Number(given ?? (onGpu ? 200 : 10));
const SIZES = [1, 2, 4, 8, 16, 32].filter((size) => size <= Number(most ?? (onGpu ? 32 : 4)));

const model = await loadModel(name, { device });
const rows = [];
try {
  const clip = await readClip(join(root, 'models', 'sample.mp4'), model.manifest.input);
  for (const size of SIZES) {
    await explainAll(model, new Array(size).fill(clip), { iterations: 3 }); // warm-up
    for (const cudaGraph of onGpu ? [false, true] : [false]) {
      const clips = new Array(size).fill(clip);
      const [{ timing }] = await explainAll(model, clips, { iterations, cudaGraph });
      const { secondsPerIteration, replayed = 0 } = timing;
      rows.push([size, cudaGraph ? `yes, ${replayed}` : 'no', (1000 * secondsPerIteration).toFixed(2)]);
    }
  }
} finally {
  model.dispose();
}
console.log(
  markdownTable(
    ['clips', 'graph, replayed', 'ms a clip and iteration'],
    rows.map((row) => row.map(String)),
  ),
);
