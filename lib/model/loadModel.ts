import type { OutputChoice } from '../../binding';
import { loadAddon } from '../binding/addon';
import { cudaFacts, cudaProblem, requireCuda } from '../binding/cuda';
import { runJob } from '../binding/runJob';
import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import { parseOptions, seeHelp } from '../options/parseOptions';
import { requireInteger, requireObject, requireSignal } from '../options/requireArguments';
import { checkNote, rememberCheck, rememberedCheck } from './check/remember';
import { requireActivation } from './check/requireUsable';
import { checkRoom } from './checkRoom';
import { rememberedForm, rememberForm } from './fastestForm';
import { findModel, type ManifestOverrides } from './findModel';
import { formOf, type ModelForm, modelFormSchema } from './modelForm';
import type { Precision } from './precision';
import { checkClassCount, VideoModel } from './videoModel';

/** Where and how a model runs, and what its file does not say. */
export interface LoadModelOptions extends ManifestOverrides, Partial<ModelForm> {
  /** `auto` (default) takes a CUDA device where there is one; `cpu`, `cuda`, `cuda:1`. */
  device?: string;
  /** Number format of the model's own arithmetic; default `float32`. */
  precision?: Precision;
  /**
   * Measures once which form of the model is fastest on this machine, by passes over a random clip, remembers it in the
   * user's cache, and takes it; default false. A form whose gradients disagree is never taken. A form that is given as
   * well (`foldBatchNorm`, `memoryFormat`, `winograd`, `optimiseGraph`) is refused.
   */
  tune?: boolean;
  /** Threads inside libtorch's operators, 1 to 256; default 0, libtorch's own choice. */
  threads?: number;
  /**
   * Forgets what the model learned: the values of this share (0, 1] of its parameter tensors, counted from the output,
   * are put in random order. For sanity checks; the manifest's reference is not checked then.
   */
  randomise?: { seed: number; share: number };
  signal?: AbortSignal;
}

/**
 * Loads a TorchScript video classifier on a thread of its own, and checks it against its manifest's reference.
 *
 * Of a file that was never loaded here, one short check is made (`VideoModel.check`), remembered, and obeyed: a model
 * that mixes clips gets them one at a time.
 *
 * @param model a file, or the name of a shipped model
 * @throws FepError `FEP_MODEL_NOT_FOUND`, `FEP_MODEL_LOAD`, `FEP_MODEL_OUTPUT`, `FEP_MODEL_REFERENCE`, `FEP_USAGE`,
 *   `FEP_OUT_OF_MEMORY`, `FEP_CUDA_UNAVAILABLE`, or what loading libtorch and the addon throws
 */
export async function loadModel(model: string, options: LoadModelOptions = {}): Promise<VideoModel> {
  requireObject(options, 'options');
  requireSignal(options.signal);
  checkThreads(options.threads);
  checkForm(options);
  const { path, manifest } = await findModel(model, options);
  checkRoom(manifest.input);
  const addon = loadAddon();
  const { layout, frames, height, width } = manifest.input;
  const device = resolveDevice(options.device);
  const threads = options.threads || addon.info().threads;
  const { precision = 'float32', tune = false } = options;
  checkWinograd(options, device, precision);
  const question = { path, input: manifest.input, device, precision, threads };
  const remembered = tune ? await rememberedForm(question) : undefined;
  const measures = tune && !remembered;
  const note = await checkNote(path, manifest, device);
  const known = await rememberedCheck(note);
  const native = await runJob(
    () =>
      addon.loadModel({
        path,
        device,
        precision,
        form: remembered ?? formOf(options),
        tune: measures,
        layout,
        activation: manifest.output.activation,
        output: outputChoice(manifest),
        ...(known && { check: known.check }),
        frames,
        height,
        width,
        threads, // said, not left to the thread's own default: another number rounds differently
        ...(options.randomise && { randomise: options.randomise }),
        ...(manifest.reference &&
          !options.randomise && {
            reference: { seed: manifest.reference.seed, outputs: manifest.reference.logits },
          }),
      }),
    options.signal,
  );
  try {
    checkClassCount(manifest, native.classes);
    requireActivation(manifest, native.check, native.classes);
  } catch (error) {
    native.dispose();
    throw error;
  }
  if (measures) await rememberForm(question, native.form);
  // Parameters in random order are not the file's.
  if (!known && !options.randomise) await rememberCheck(note, native.check);
  return new VideoModel(native, manifest, path, device, precision, threads, native.form);
}

function outputChoice({ output: { tensor, averageOver, classes } }: Manifest): OutputChoice {
  return {
    ...(tensor !== undefined && { tensor }),
    averageOver: averageOver ?? 'nothing',
    classes: classes.length,
  };
}

/**
 * The device that `auto` stands for on this machine; any other name is its own. A CUDA device is made ready for use.
 *
 * @throws FepError FEP_CUDA_UNAVAILABLE, or what loading libtorch and the addon throws
 */
export function resolveDevice(requested = 'auto'): string {
  const found = requested === 'auto' && cudaProblem(cudaFacts(), 'cuda') === undefined ? 'cuda' : 'cpu';
  const device = requested === 'auto' ? found : requested;
  if (/^cuda(:\d+)?$/.test(device)) requireCuda(device);
  return device;
}

/** OpenMP ends the process when it cannot have as many threads as it was told to take. */
const MOST_THREADS = 256;

function checkForm({ tune, ...options }: LoadModelOptions): void {
  parseOptions(modelFormSchema.partial(), options, { of: 'the model', hint: seeHelp('explain') });
  const given = Object.entries(options).flatMap(([name, value]) =>
    name in modelFormSchema.shape && value !== undefined ? [name] : [],
  );
  if (!tune || given.length === 0) return;
  throw new FepError('FEP_USAGE', `tune looks for the fastest form, and ${given.join(', ')} gives one.`, {
    hint: 'Leave out one of the two.',
  });
}

/** Winograd's convolutions have kernels for a CPU and float32 alone. */
function checkWinograd({ winograd }: LoadModelOptions, device: string, precision: Precision): void {
  if (!winograd || (device === 'cpu' && precision === 'float32')) return;
  throw new FepError('FEP_USAGE', `winograd is for float32 on a CPU, not ${precision} on ${device}.`, {
    hint: 'Leave it out, or take device cpu and precision float32.',
  });
}

function checkThreads(threads: number | undefined): void {
  if (threads !== undefined) requireInteger(threads, 'threads', 0, MOST_THREADS);
}
