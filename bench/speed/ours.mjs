// One timed run of fep-native, in a process of its own so that its peak memory is its own:
//
//   node bench/speed/ours.mjs '{"model", "clip", "out", "load", "explain"}'
//
// takes two files, optionally the .npy file for the mask, and the options of `loadModel` and of `explain`. Prints one JSON
// object with the keys of eager_ep.py's, and more.

import { versions } from '../../dist/binding/versions.js';
import { explain, loadModel, readClip, writeNpy } from '../../dist/index.mjs';
import { peakMemory } from '../../dist/system/peakMemory.js';

const { model: file, clip: path, out, load, explain: options } = JSON.parse(process.argv[2]);
const model = await loadModel(file, load);
try {
  const clip = await readClip(path, model.manifest.input);
  const { masks, timing } = await explain(model, clip, options);
  const peakBytes = peakMemory();
  const [{ mask, energy }] = masks;
  if (out !== undefined) await writeNpy(out, { data: mask, shape: [mask.length] });
  console.log(
    JSON.stringify({
      seconds: timing.seconds,
      modelSeconds: timing.modelSeconds,
      energies: energy.map(({ reward, area, core }) => reward + area + core),
      iterations: energy.length,
      peakBytes,
      form: model.form,
      versions: versions(),
    }),
  );
} finally {
  model.dispose();
}
