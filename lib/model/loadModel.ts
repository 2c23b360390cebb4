import type { OutputChoice, TokenGrid, Tuning } from '../../binding';
import { loadAddon } from '../binding/addon';
import { cudaFacts, cudaProblem, requireCuda } from '../binding/cuda';
import { runJob } from '../binding/runJob';
import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import { parseOptions, seeHelp } from '../options/parseOptions';
import { requireInteger, requireObject, requireSignal } from '../options/requireArguments';
import { checkCacheFile, readCachedCheck, writeCachedCheck } from './check/cache';
import { requireActivation } from './check/requireUsable';
import { checkMemory } from './checkMemory';
import { cacheFastestForm, readFastestForm } from './fastestForm';
import { type FindModelOptions, findModel } from './findModel';
import { formOf, type ModelForm, modelFormSchema } from './modelForm';
import type { Precision } from './precision';
import { checkClassCount, VideoModel } from './videoModel';

export type { Tuning } from '../../binding';

/** Where and how a model runs, and what its file leaves open. */
export interface LoadModelOptions extends FindModelOptions, Partial<ModelForm> {
  /** `auto` (default: a CUDA device if there is one), `cpu`, `cuda`, or `cuda:1`. */
  device?: string;
  /** Number format of the model's own arithmetic; default `float32`. */
  precision?: Precision;
  /**
   * Measures once, with passes over a random clip, which form of the model is fastest on this machine, caches the
   * choice in the user's cache, and uses it; default false. A form whose gradients disagree is never chosen. Cannot be
   * combined with an explicit form (`foldBatchNorm`, `memoryFormat`, `winograd`, `optimiseGraph`).
   */
  tune?: boolean;
  /** Called before each form that `tune` measures; not at all if the choice is cached. */
  onTuning?: ((tuning: Tuning) => void) | undefined;
  /** Threads inside libtorch's operators, 1 to 256; default 0, libtorch's own choice. */
  threads?: number;
  /**
   * Randomises the model: shuffles the values of this share (0, 1] of its parameter tensors, counted from the output.
   * For sanity checks; the manifest's reference is then not checked.
   */
  randomise?: { seed: number; share: number };
}

/**
 * Loads a TorchScript video classifier on its own thread, and checks it against its manifest's reference.
 *
 * The first load of a file also runs a short check (`VideoModel.check`), which is cached and respected: a model that
 * mixes the clips of a batch gets them one at a time.
 *
 * @param model a path, the name of a shipped model, or a source of another library (see `importModel`)
 * @throws FepError `FEP_MODEL_NOT_FOUND`, `FEP_MODEL_LOAD`, `FEP_MODEL_OUTPUT`, `FEP_MODEL_REFERENCE`, `FEP_USAGE`,
 *   `FEP_OUT_OF_MEMORY`, `FEP_CUDA_UNAVAILABLE`, or what loading libtorch and the addon throws
 */
export async function loadModel(model: string, options: LoadModelOptions = {}): Promise<VideoModel> {
  requireObject(options, 'options');
  requireSignal(options.signal);
  checkThreads(options.threads);
  checkForm(options);
  const { path, manifest } = await findModel(model, options);
  checkMemory(manifest.input);
  const addon = loadAddon();
  const device = resolveDevice(options.device);
  const threads = options.threads || addon.info().threads;
  const { precision = 'float32', tune = false } = options;
  checkWinograd(options, device, precision);
  const formKey = { path, input: manifest.input, device, precision, threads };
  const fastest = tune ? await readFastestForm(formKey) : undefined;
  const measureForms = tune && !fastest;
  const checkCache = await checkCacheFile(path, manifest, device);
  const cached = await readCachedCheck(checkCache);
  const native = await runJob(
    () =>
      addon.loadModel(
        {
          ...describedModel(path, manifest),
          device,
          precision,
          form: fastest ?? formOf(options),
          formWasCompared: fastest !== undefined && !options.randomise,
          tune: measureForms,
          ...(cached && { check: cached.check }),
          threads, // explicit, because another number of threads rounds differently
          ...(options.randomise && { randomise: options.randomise }),
          ...(manifest.reference &&
            !options.randomise && {
              reference: { seed: manifest.reference.seed, outputs: manifest.reference.logits },
            }),
        },
        options.onTuning,
      ),
    options.signal,
  );
  try {
    checkClassCount(manifest, native.classes);
    requireActivation(manifest, native.check, native.classes);
  } catch (error) {
    native.dispose();
    throw error;
  }
  if (measureForms) await cacheFastestForm(formKey, native.form);
  // A randomised model's check does not apply to the file.
  if (!cached && !options.randomise) await writeCachedCheck(checkCache, native.check);
  return new VideoModel(native, manifest, path, device, precision, threads, native.form);
}

/** What the addon is told of a file by its manifest. */
export function describedModel(path: string, manifest: Manifest) {
  const { layout, frames, height, width } = manifest.input;
  return {
    path,
    layout,
    activation: manifest.output.activation,
    output: outputChoice(manifest),
    frames,
    height,
    width,
    ...(manifest.tokens && { tokens: gridOf(manifest.tokens) }),
    ...aloneOf(manifest),
  };
}

function gridOf({ grid, prefix }: NonNullable<Manifest['tokens']>): TokenGrid {
  return { grid, prefix };
}

/** Where the importer found that two clips at once fail: they may end the process. */
function aloneOf({ origin }: Manifest): { alone?: string } {
  const [, reason] = /^one clip at a time: (.*)$/s.exec(origin?.check.batch ?? '') ?? [];
  return reason === undefined ? {} : { alone: reason };
}

function outputChoice({ output: { tensor, averageOver, classes } }: Manifest): OutputChoice {
  return {
    ...(tensor !== undefined && { tensor }),
    averageOver: averageOver ?? 'nothing',
    classes: classes.length,
  };
}

/**
 * Resolves `auto` to a device of this machine; other names are returned as they are. Initialises a CUDA device.
 *
 * @throws FepError FEP_CUDA_UNAVAILABLE, or what loading libtorch and the addon throws
 */
export function resolveDevice(requested = 'auto'): string {
  const found = requested === 'auto' && cudaProblem(cudaFacts(), 'cuda') === undefined ? 'cuda' : 'cpu';
  const device = requested === 'auto' ? found : requested;
  if (/^cuda(:\d+)?$/.test(device)) requireCuda(device);
  return device;
}

/** OpenMP aborts the process when it cannot start the requested number of threads. */
const MAX_THREADS = 256;

function checkForm({ tune, ...options }: LoadModelOptions): void {
  parseOptions(modelFormSchema.partial(), options, { of: 'the model', hint: seeHelp('explain') });
  const given = Object.entries(options).flatMap(([name, value]) =>
    name in modelFormSchema.shape && value !== undefined ? [name] : [],
  );
  if (!tune || given.length === 0) return;
  throw new FepError(
    'FEP_USAGE',
    `tune chooses the fastest form, which conflicts with ${given.join(', ')}.`,
    {
      hint: 'Leave out one of the two.',
    },
  );
}

/** Winograd convolution has kernels for float32 on the CPU only. */
function checkWinograd({ winograd }: LoadModelOptions, device: string, precision: Precision): void {
  if (!winograd || (device === 'cpu' && precision === 'float32')) return;
  throw new FepError('FEP_USAGE', `winograd is for float32 on a CPU, not ${precision} on ${device}.`, {
    hint: 'Leave it out, or take device cpu and precision float32.',
  });
}

function checkThreads(threads: number | undefined): void {
  if (threads !== undefined) requireInteger(threads, 'threads', 0, MAX_THREADS);
}
