import type { Layer, NativeModel } from '../../binding';
import { runJob } from '../binding/runJob';
import type { Clip } from '../clip/types';
import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';
import { nativePerturbation, type PerturbationName } from '../methods/perturbation';
import { requireObject, shown } from '../options/requireArguments';
import { suggestion } from '../options/suggest';
import type { FileFacts, ModelCheck } from './check/types';
import { modelWarnings } from './check/warnings';
import type { ModelForm } from './modelForm';
import type { Precision } from './precision';

/** A class and how sure the model is of it, in [0, 1]. */
export interface Prediction {
  index: number;
  name: string;
  probability: number;
}

/**
 * A loaded video classifier.
 *
 * Calls queue up on the model's own thread; several models work side by side. `dispose()` frees the memory at once,
 * which the garbage collector cannot be trusted to do.
 */
export class VideoModel {
  constructor(
    /** For this package's own modules. */
    readonly native: NativeModel,
    readonly manifest: Manifest,
    readonly path: string,
    readonly device: string,
    readonly precision: Precision,
    /** Inside libtorch's operators. With as many threads, and all else alike, results are alike to the last bit. */
    readonly threads: number,
    /** How it is computed: as it was loaded, or as was found fastest. */
    readonly form: ModelForm,
  ) {
    const { check, weights, namesGpu } = native;
    this.check = check;
    this.file = { weights, namesGpu };
    this.warnings = modelWarnings(manifest, check, this.file);
  }

  /** What one short look at the model said of how it can be explained. */
  readonly check: ModelCheck;
  /** What was converted when its file was read. */
  readonly file: FileFacts;
  /** What a person should know before they believe an explanation of it. */
  readonly warnings: readonly string[];

  /** Number of classes. */
  get classes(): number {
    return this.native.classes;
  }

  /**
   * Probabilities of all classes on a clip, in the order of the model's outputs.
   *
   * @throws FepError `FEP_SHAPE` when the clip is not what the model takes, `FEP_DISPOSED`, `FEP_ABORTED`
   */
  async predict(clip: Clip, signal?: AbortSignal): Promise<Float32Array> {
    requireObject(clip, 'clip');
    return runJob(() => this.native.predict(clip.data, 1), signal);
  }

  /**
   * Probabilities Φ(M ⊗ X) of all classes under many masks of one clip, in small batches.
   *
   * @param masks `count` masks T×H×W in [0, 1], one behind the other; 1 keeps a voxel
   * @returns count×classes
   * @throws FepError `FEP_SHAPE`, `FEP_USAGE`, `FEP_DISPOSED`, `FEP_ABORTED` (between two batches)
   */
  async predictPerturbed(
    clip: Clip,
    masks: Float32Array,
    count: number,
    perturbation: PerturbationName = 'blur',
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    requireObject(clip, 'clip');
    const native = nativePerturbation(perturbation, this.manifest);
    return runJob(() => this.native.predictPerturbed(clip.data, masks, count, native), signal);
  }

  /**
   * The model's layers that return a tensor, in the order in which they run, with the shape of what they return for
   * one clip. Runs the model once.
   *
   * @throws FepError `FEP_DISPOSED`, `FEP_ABORTED`
   */
  layers(signal?: AbortSignal): Promise<Layer[]> {
    return runJob(() => this.native.layers(), signal);
  }

  /** The name of a class; `class 7` where the manifest names none. */
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

  /** Frees the model. Running work ends within one iteration; it and all that was queued reject `FEP_DISPOSED`. */
  dispose(): void {
    this.native.dispose();
  }

  /** The same, for `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

const MOST_LISTED = 30;

function listed(classes: string[]): string {
  const shown = classes.slice(0, MOST_LISTED).join(', ');
  return classes.length > MOST_LISTED ? `${shown}, … (${classes.length} in all)` : shown;
}

/** @throws FepError `FEP_MODEL_LOAD` when the manifest names another number of classes than the model has */
export function checkClassCount({ output }: Manifest, classes: number): void {
  if (output.classes.length === 0 || output.classes.length === classes) return;
  throw new FepError(
    'FEP_MODEL_LOAD',
    `The model has ${classes} outputs, its manifest names ${output.classes.length} classes.`,
    { hint: 'Correct the list of classes.' },
  );
}
