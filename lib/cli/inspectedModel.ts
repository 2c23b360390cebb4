import { messageOf } from '../errors/fepError';
import type { ModelCost } from '../explain/cost';
import type { Manifest } from '../manifest/manifest';
import type { FoundModel } from '../model/findModel';
import type { Inspection } from '../model/inspection';
import type { Layer } from '../model/layers';
import type { ModelSketch } from '../model/sketchModel';
import type { VideoModel } from '../model/videoModel';
import { peakMemory } from '../system/peakMemory';
import { during } from './during';
import { type ModelCheckReport, reportKeptCheck, reportModelCheck } from './modelCheckReport';
import { loadAnnounced } from './modelFile';
import { loadOptions, type ModelFlags } from './modelOptions';
import { type OutputOptions, say } from './output';

/** A model's cost: of a measured one in a process that had run nothing else. */
export type InspectedCost = Pick<
  ModelCost,
  'parameters' | 'weightBytes' | 'multiplyAccumulates' | 'flops'
> & {
  /** Of tensors in an explanation; null if that was not measured. */
  explanationBytes: number | null;
  /** Peak memory of the whole process in bytes, including libtorch and its kernels' scratch space. */
  processBytes: number | null;
};

/** What is known of a model. */
export interface InspectedModel {
  /** Null if the model was never checked. */
  check: ModelCheckReport | null;
  layers: Layer[];
  cost: InspectedCost | null;
  /** Seconds that it would take to measure the rest; null if all was measured, now or earlier. */
  unmeasured: number | null;
}

export interface InspectFlags extends ModelFlags, OutputOptions {
  manifestOnly?: boolean;
  measure?: boolean;
}

/** Longer measurements must be asked for. */
const LONGEST_SECONDS = 8;

/**
 * Inspects a model: by what was kept of an earlier inspection, by running it where that is short or asked for, or else
 * by following sizes through it.
 *
 * @returns null after a warning if the model cannot be loaded
 */
export async function inspectedModel(
  { path, manifest }: FoundModel,
  flags: InspectFlags,
  signal: AbortSignal,
): Promise<InspectedModel | null> {
  const { measuringSeconds } = await import('../model/inspection.js');
  const { loadAddon } = await import('../binding/addon.js');
  try {
    const sketch = await during('reading the model', flags, () => sketched(path, manifest, signal));
    const settings = await inspectionSettings(flags);
    const kept = sketch && (await keptInspection(path, manifest, settings, sketch));
    if (kept) return kept;
    const threads = flags.threads ?? loadAddon().info().threads;
    const seconds = sketch ? measuringSeconds(sketch.multiplyAccumulates, threads) : 0;
    if (sketch && seconds > LONGEST_SECONDS && !flags.measure) {
      return fromSketch(sketch, await keptCheck(path, manifest, settings.device, sketch), seconds);
    }
    return await measured(path, manifest, settings, flags, signal);
  } catch (error) {
    signal.throwIfAborted();
    say(`warning: its check and its layers cannot be listed: ${messageOf(error)}`, flags);
    return null;
  }
}

/** @returns null where sizes cannot be followed: the model itself will say why, or run all the same */
async function sketched(path: string, manifest: Manifest, signal: AbortSignal): Promise<ModelSketch | null> {
  const { sketchModel } = await import('../model/sketchModel.js');
  const { checkClassCount } = await import('../model/videoModel.js');
  try {
    const sketch = await sketchModel(path, manifest, signal);
    checkClassCount(manifest, sketch.classes);
    return sketch;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

type Settings = Awaited<ReturnType<typeof inspectionSettings>>;

async function inspectionSettings(flags: InspectFlags) {
  const { formOf } = await import('../model/modelForm.js');
  const { resolveDevice } = await import('../model/loadModel.js');
  const { precision = 'float32', tune = false } = flags;
  const form = tune ? ('tuned' as const) : formOf(loadOptions(flags));
  return { device: resolveDevice(flags.device), precision, form };
}

/** What an earlier inspection found, if it found everything. */
async function keptInspection(
  path: string,
  manifest: Manifest,
  settings: Settings,
  sketch: ModelSketch,
): Promise<InspectedModel | null> {
  const { readInspection } = await import('../model/inspection.js');
  const check = await keptCheck(path, manifest, settings.device, sketch);
  const kept = check && (await readInspection(path, manifest, settings));
  return kept ? { check, ...kept, unmeasured: null } : null;
}

async function keptCheck(path: string, manifest: Manifest, device: string, sketch: ModelSketch) {
  const { checkCacheFile, readCachedCheck } = await import('../model/check/cache.js');
  const kept = await readCachedCheck(await checkCacheFile(path, manifest, device));
  return kept ? reportKeptCheck(manifest, kept, sketch, device) : null;
}

function fromSketch(
  { parameters, layers, multiplyAccumulates }: ModelSketch,
  check: ModelCheckReport | null,
  seconds: number,
): InspectedModel {
  const cost = {
    parameters,
    weightBytes: 4 * parameters,
    multiplyAccumulates,
    flops: 2 * multiplyAccumulates,
    explanationBytes: null,
    processBytes: null,
  };
  return { check, layers, cost, unmeasured: seconds };
}

/** Runs the model, and keeps what that shows. */
async function measured(
  path: string,
  manifest: Manifest,
  settings: Settings,
  flags: InspectFlags,
  signal: AbortSignal,
): Promise<InspectedModel> {
  const { cacheInspection } = await import('../model/inspection.js');
  const model = await loadAnnounced(path, flags, signal);
  try {
    const check = await during('checking it', flags, () => reportModelCheck(model, signal));
    const layers = await during('listing its layers', flags, () => model.layers(signal));
    const cost = await measuredCost(model, flags, signal);
    const inspection: Inspection = { layers, cost };
    if (cost) await cacheInspection(path, manifest, settings, inspection);
    return { check, ...inspection, unmeasured: null };
  } finally {
    model.dispose();
  }
}

/** @returns null after a warning where it cannot be measured */
async function measuredCost(model: VideoModel, flags: InspectFlags, signal: AbortSignal) {
  const { measureCost } = await import('../explain/cost.js');
  try {
    const cost = await during('measuring its cost', flags, () => measureCost(model, {}, signal));
    return { ...cost, processBytes: peakMemory() };
  } catch (error) {
    signal.throwIfAborted();
    say(`warning: its cost cannot be measured: ${messageOf(error)}`, flags);
    return null;
  }
}
