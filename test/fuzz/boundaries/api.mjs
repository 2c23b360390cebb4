// Arguments of the public functions. Whatever is passed, a FepError comes back, or the answer.
import * as root from 'fep-native';
import * as datasets from 'fep-native/datasets';
import * as metrics from 'fep-native/metrics';
import { golden, TINY } from '../../helpers/golden.mjs';
import { HOSTILE, spoilValue } from '../mutate.mjs';

const fep = { ...root, ...datasets, ...metrics };

const model = await fep.loadModel(golden('tiny.pt'), { ...TINY, threads: 1 });
const clip = await fep.readClip(golden('clip.npy'), model.manifest.input);
const FRAMES = { frames: 2, height: 3, width: 4 };
const mask = new Float32Array(24).fill(0.5);
const boxes = { ...FRAMES, inside: new Uint8Array(24).fill(1), annotated: [true, true] };
const SCORE = {
  mask,
  boxes,
  probability: { original: 0.9, explained: 0.8 },
  predictedExplained: 0,
  labelIndex: 0,
};
const EP = { method: 'ep', iterations: 1, step: 32, sigma: 23 };

/** Options that would be good for half an hour of work end early. */
function brief(options) {
  if (options === undefined) return EP;
  if (typeof options !== 'object' || options === null) return options;
  return { iterations: 1, signal: AbortSignal.timeout(2000), ...options };
}

/** Functions by name with arguments that are good for them. */
const CALLS = {
  predict: [(c) => model.predict(c), clip],
  predictPerturbed: [
    (...all) => model.predictPerturbed(...all),
    clip,
    new Float32Array(16 * 64 * 64),
    { perturbation: 'blur' },
  ],
  className: [(i) => model.className(i), 1],
  classIndex: [(i) => model.classIndex(i), 1],
  explain: [(c, options) => fep.explain(model, c, brief(options)), clip, EP],
  loadModel: [
    (path, options) => fep.loadModel(path, options),
    '/nonexistent.pt',
    { ...TINY, device: 'cpu', threads: 1 },
  ],
  findModel: [fep.findModel, golden('tiny.pt'), TINY],
  readClip: [fep.readClip, golden('clip.npy'), model.manifest.input, { start: 0, end: 3 }],
  readFrames: [fep.readFrames, golden('clip.npy'), { frames: 2, start: 0 }],
  parseManifest: [fep.parseManifest, model.manifest, 'here'],
  parseNpy: [fep.parseNpy, new Uint8Array(20), 'here'],
  scoreMask: [fep.scoreMask, SCORE],
  consistency: [fep.consistency, mask, boxes, 0.5],
  consistencyAtArea: [fep.consistencyAtArea, mask, boxes, 0.1],
  pointingGame: [fep.pointingGame, mask, boxes],
  realisedArea: [fep.realisedArea, mask],
  keepTopVoxels: [fep.keepTopVoxels, mask, 0.2],
  oracleMask: [fep.oracleMask, boxes],
  dropInConfidence: [fep.dropInConfidence, 0.9, 0.8],
  bootstrapInterval: [fep.bootstrapInterval, [1, 2, 3], { resamples: 10, seed: 1 }],
  deletionInsertion: [
    (m, options) => fep.deletionInsertion(m, async (_, count) => new Float32Array(count), options),
    mask,
    { mode: 'deletion', steps: 3 },
  ],
  openDataset: [fep.openDataset, 'folder:/nonexistent', { split: 'val' }],
  chooseLayer: [
    fep.chooseLayer,
    [{ name: 'a', type: 'Conv3d', shape: [1, 2, 3, 4, 5], maps: 'NCTHW' }],
    null,
  ],
};

/** One of the arguments is another, or has another in it. */
function spoilArguments(good, random) {
  const args = [...good];
  const place = random.integer(args.length);
  const whole = random.integer(3) === 0 || typeof args[place] !== 'object' || args[place] === null;
  args[place] = whole ? random.pick(HOSTILE) : spoilValue(args[place], random);
  return args;
}

export default () => async (random) => {
  const name = random.pick(Object.keys(CALLS));
  const [call, ...good] = CALLS[name];
  try {
    return await call(...spoilArguments(good, random));
  } catch (error) {
    if (error instanceof Error && error.name !== 'FepError') error.message = `${name}: ${error.message}`;
    throw error;
  }
};
