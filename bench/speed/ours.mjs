// One timed run of fep-native for bench/speed/speed.mjs, in a process of its own so that its peak memory is its own:
// `node bench/speed/ours.mjs '{"model", "clip", "out", "load", "explain"}'` prints what eager_ep.py prints.
import { writeFileSync } from 'node:fs';
import { explain, loadModel, readClip } from '../../dist/index.mjs';
import { peakMemory } from '../../dist/peakMemory.js';
import { versions } from '../../dist/versions.js';

const { model: file, clip: path, out, load, explain: options } = JSON.parse(process.argv[2]);
const model = await loadModel(file, load);
try {
  const clip = await readClip(path, model.manifest.input);
  const { masks, timing } = await explain(model, clip, options);
  const [{ mask, energy }] = masks;
  writeFileSync(out, new Uint8Array(mask.buffer, mask.byteOffset, mask.byteLength));
  const { seconds, modelSeconds } = timing;
  const energies = energy.map(({ reward, area, core }) => reward + area + core);
  const peakBytes = peakMemory();
  const iterations = energy.length;
  console.log(
    JSON.stringify({
      ...{ seconds, modelSeconds, energies, iterations, peakBytes, form: model.form },
      versions: versions(),
    }),
  );
} finally {
  model.dispose();
}
