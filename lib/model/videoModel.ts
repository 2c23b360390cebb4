import type { Layer, NativeModel } from '../../binding';
import { runJob } from '../binding/runJob';
import type { Clip, ClipViews } from '../clip/types';
import type { ViewsAverage } from '../clip/views';
import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import type { NativeAttributionOptions, NativeMaskOptions } from '../methods/native';
import { nativePerturbation, type PerturbationName } from '../methods/perturbation';
import { requireObject, requireSignal, shown } from '../options/requireArguments';
import { suggestion } from '../options/suggest';
import type { FileFacts, ModelCheck } from './check/types';
import { modelWarnings } from './check/warnings';
import type { ModelForm } from './modelForm';
import type { Precision } from './precision';

/** A class and its probability in [0, 1]. */
export interface Prediction {
  index: number;
  name: string;
  probability: number;
}

/** How clips are perturbed where masks do not keep them. */
export interface PredictPerturbedOptions {
  /** What replaces what is not kept; default `blur`. */
  perturbation?: PerturbationName | undefined;
  /** Stops between two batches. */
  signal?: AbortSignal | undefined;
}

/** The views over which a model's answer is averaged, and what is averaged. */
export interface AveragedViews {
  /** The model that looks at each view. */
  of: VideoModel;
  layout: ClipViews;
  average: ViewsAverage;
}

/**
 * A loaded video classifier.
 *
 * Calls are queued on the model's own thread; several models run in parallel. `dispose()` frees the memory immediately,
 * without waiting for the garbage collector.
 */
export class VideoModel {
  /** @internal Use `loadModel`. */
  constructor(
    /** @internal The addon's model. */
    readonly native: NativeModel<NativeMaskOptions, NativeAttributionOptions>,
    readonly manifest: Manifest,
    readonly path: string,
    readonly device: string,
    readonly precision: Precision,
    /**
     * Threads inside libtorch's operators. Results are bit-identical for the same number of threads, all else equal.
     */
    readonly threads: number,
    /** The form in which the model is computed: as loaded, or the fastest one found. */
    readonly form: ModelForm,
    /** Of what `averageViews` returned; its manifest has the sizes of the clip that the views lie in. */
    readonly views?: AveragedViews,
  ) {
    views?.of.averages.add(this);
    const { check, weights, namesGpu } = native;
    this.check = check;
    this.file = { weights, namesGpu };
    this.warnings = modelWarnings(manifest, check, this.file);
  }

  /** Models of this one's views, which end with it. */
  private readonly averages = new Set<VideoModel>();

  /** Result of the short check of how the model can be explained. */
  readonly check: ModelCheck;
  /** Conversions made while the file was loaded. */
  readonly file: FileFacts;
  /** Warnings that affect how far an explanation of the model can be trusted. */
  readonly warnings: readonly string[];

  /** Number of classes. */
  get classes(): number {
    return this.native.classes;
  }

  /**
   * Probabilities of all classes on a clip, in the order of the model's outputs.
   *
   * @throws FepError `FEP_SHAPE` when the clip does not fit the model's input, `FEP_DISPOSED`, `FEP_ABORTED`
   */
  async predict(clip: Clip, signal?: AbortSignal): Promise<Float32Array> {
    requireObject(clip, 'clip');
    return runJob(() => this.native.predict(clip.data, 1), signal);
  }

  /**
   * Probabilities Φ(M ⊗ X) of all classes under many masks of one clip, in small batches.
   *
   * @param masks one or several consecutive masks T×H×W in [0, 1]; 1 keeps a voxel
   * @returns masks×classes
   * @throws FepError `FEP_SHAPE`, `FEP_USAGE`, `FEP_DISPOSED`, `FEP_ABORTED` (between two batches)
   */
  async predictPerturbed(
    clip: Clip,
    masks: Float32Array,
    options: PredictPerturbedOptions = {},
  ): Promise<Float32Array> {
    requireObject(clip, 'clip');
    requireObject(options, 'options');
    const { perturbation = 'blur', signal } = options;
    requireSignal(signal);
    const native = nativePerturbation(perturbation, this.manifest);
    const count = this.countMasks(masks);
    const tried = runJob(() => this.native.predictPerturbed(clip.data, masks, count, native), signal);
    return (await tried).probabilities;
  }

  /**
   * The model's layers that return a tensor, in execution order, with their output shapes for one clip. Runs the model
   * once.
   *
   * @throws FepError `FEP_DISPOSED`, `FEP_ABORTED`
   */
  layers(signal?: AbortSignal): Promise<Layer[]> {
    return runJob(() => this.native.layers(), signal);
  }

  /** The name of a class; `class 7` when the manifest has no names. */
  className(index: number): string {
    const { classes } = this.manifest.output;
    return (Number.isInteger(index) ? classes[index] : undefined) ?? `class ${shown(index)}`;
  }

  /** The most probable class. */
  best(probabilities: Float32Array): Prediction {
    const index = probabilities.reduce((best, p, i) => (p > probabilities[best]! ? i : best), 0);
    return { index, name: this.className(index), probability: probabilities[index]! };
  }

  /**
   * The index of a class given by name or index.
   *
   * @throws FepError `FEP_USAGE` when there is no such class
   */
  classIndex(target: string | number): number {
    const { classes } = this.manifest.output;
    const known = typeof target === 'string' || typeof target === 'number';
    const named = known ? classes.indexOf(String(target)) : -1;
    const index = named >= 0 || !known ? named : Number(target);
    if (Number.isInteger(index) && index >= 0 && index < this.classes) return index;
    throw new FepError('FEP_USAGE', `The model has no class ${known ? target : shown(target)}.`, {
      hint:
        classes.length > 0
          ? `${suggestion(String(target), classes)} Its classes are: ${listed(classes)}.`.trimStart()
          : `Give an index from 0 to ${this.classes - 1}.`,
    });
  }

  /** @throws FepError `FEP_SHAPE` when the array is not one or several whole masks */
  private countMasks(masks: unknown): number {
    const { frames, height, width } = this.manifest.input;
    const voxels = frames * height * width;
    if (masks instanceof Float32Array && masks.length > 0 && masks.length % voxels === 0)
      return masks.length / voxels;
    const given = masks instanceof Float32Array ? `${masks.length} values` : shown(masks);
    throw new FepError(
      'FEP_SHAPE',
      `masks is ${given}; expected a Float32Array of one or several masks of ${frames}×${height}×${width} values.`,
    );
  }

  /** Frees the model. Running work stops within one iteration; running and queued calls reject with `FEP_DISPOSED`. */
  dispose(): void {
    for (const average of this.averages) average.dispose();
    this.views?.of.averages.delete(this);
    this.native.dispose();
  }

  /** Calls `dispose`, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

const MAX_LISTED = 30;

function listed(classes: string[]): string {
  const shown = classes.slice(0, MAX_LISTED).join(', ');
  return classes.length > MAX_LISTED ? `${shown}, … (${classes.length} in all)` : shown;
}

/** @throws FepError `FEP_MODEL_LOAD` when the manifest's number of classes differs from the model's */
export function checkClassCount({ output }: Manifest, classes: number): void {
  if (output.classes.length === 0 || output.classes.length === classes) return;
  throw new FepError(
    'FEP_MODEL_LOAD',
    `The model has ${classes} outputs, its manifest names ${output.classes.length} classes.`,
    { hint: 'Correct the list of classes.' },
  );
}
