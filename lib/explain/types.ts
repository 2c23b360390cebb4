import type { ExplainConfig } from '../methods/config';
import type { Method } from '../methods/methods';
import type { ExplainOptions } from '../methods/options';
import type { Prediction } from '../model/videoModel';
import type { EnergyPoint } from '../report/energyPoint';

/** How far a run is. */
export interface ExplainProgress {
  /** 0-based: of the mask's updates, or the number of a saliency method's sample or step. */
  iteration: number;
  iterations: number;
  /** Mask methods: the energies for the first area. */
  reward?: number;
  area?: number;
  core?: number;
  /** Mask methods: mean of the first mask over the frame. */
  realisedArea?: number;
  /** The first mask, T×H×W, with `progressMasks`. On a GPU, whose energies are read some iterations later, the latest. */
  mask?: Float32Array;
}

/** How to watch and stop a run. */
export interface RunOptions {
  /** Called at most ten times a second, and at the end. Methods that take one step do not call it. */
  onProgress?: (progress: ExplainProgress) => void;
  /** Whether progress brings the mask as it forms; of methods that optimise masks. Default false. */
  progressMasks?: boolean;
  /** Stops the run within one iteration; the promise rejects with `FEP_ABORTED`. */
  signal?: AbortSignal;
}

/** A method's options, and how to watch and stop the run. */
export type ExplainCallOptions = ExplainOptions & RunOptions;

/** What a run tells, and listens to. */
export interface Watch {
  onProgress: RunOptions['onProgress'];
  progressMasks?: boolean | undefined;
  signal: AbortSignal | undefined;
}

/** What some methods say beside their map, by method. */
export interface MethodDetails {
  'integrated-gradients': {
    /** The sum of the attributions less the difference of the scores: 0 where they are complete. */
    completenessGap: number;
    /** Score of the class on the clip, and on the baseline. */
    score: number;
    baselineScore: number;
  };
  'grad-cam': { /** The layer that was looked at, or several with commas between them. */ layer: string };
  'grad-cam-plus-plus': { /** The same. */ layer: string };
}

/** What a method says beside its map; nothing for most. */
export type DetailsOf<Explainer extends Method> = Explainer extends keyof MethodDetails
  ? MethodDetails[Explainer]
  : never;

/** The mask for one area budget, or a saliency method's map, and what it does. */
export interface MaskExplanation<Explainer extends Method = Method> {
  /**
   * a, the budget that was asked for; of the smallest mask, that of the update that used it, which is not its size; null for a
   * saliency method, which has none.
   */
  area: number | null;
  /**
   * T×H×W in [0, 1]; 1 keeps a voxel, 0 perturbs it fully. Of a saliency method, its map: the smallest value
   * scaled to 0, the 99.9th percentile to 1.
   */
  mask: Float32Array;
  /**
   * The clip that the model saw under the mask, M ⊗ X, or of the variant `delete` (1 − M) ⊗ X: T×H×W×3 RGB bytes, for
   * display.
   */
  perturbed: Uint8Array;
  /** A saliency method's map before that, T×H×W, at least 0. */
  attribution?: Float32Array;
  /** Mean of the mask over the frame's voxels. It differs from `area`, also where that counts a padded canvas, as published. */
  realisedArea: number;
  /** Share of the frame's voxels where the mask is at least 0.5. */
  realisedAreaAtHalf: number;
  /** Φ_y(X) and Φ_y(M ⊗ X), y the target, and of the variants `delete` and `dual` Φ_y((1 − M) ⊗ X). */
  probability: { original: number; explained: number; deleted?: number };
  /** Φ(X) and Φ(M ⊗ X): one probability per class, in the order of the model's outputs. */
  probabilities: { original: Float32Array; explained: Float32Array };
  /** The most probable class on M ⊗ X. */
  predicted: Prediction;
  /**
   * Weighted energies of every iteration, of the smallest mask up to the one that used it: those of the area are of a budget
   * that changes then. Empty for a saliency method.
   */
  energy: EnergyPoint[];
  /** What else a method can say: integrated gradients' completeness gap and scores, Grad-CAM's layer. */
  details?: DetailsOf<Explainer>;
}

/** A mask that the search for the smallest one came by. */
export interface TriedMask
  extends Pick<MaskExplanation, 'realisedArea' | 'realisedAreaAtHalf' | 'mask' | 'perturbed'> {
  /** Its budget, which the search changes with every update. */
  area: number;
  /** Φ_y(M ⊗ X). */
  probability: number;
  /** Φ_y((1 − M) ⊗ X), of the variants `delete` and `dual`. */
  deleted?: number;
  /** Updates after which the mask was as it is. */
  updates: number;
}

/** How the smallest mask was found. */
export interface AreaSearch {
  /** The share of the class's probability that a mask had to keep, of the variant `delete` to take away, of `dual` both. */
  keep: number;
  /** Whether one did; otherwise the explanation's mask is the one that came closest. */
  found: boolean;
  /** Probability of the class on the clip of which nothing is kept, 0 ⊗ X. */
  blank: number;
  /** The mask of the first area, and the best of each size that the search came by; from the smallest to the largest. */
  tried: TriedMask[];
  /** Which of them is the explanation's. */
  chosen: number;
}

/** What an explanation is of. */
export interface ExplanationOrigin {
  /** Path of the model file. */
  model: string;
  /** SHA-256 of the clip's data. */
  clip: string;
}

/** What `explain` finds. */
export interface Explanation<Explainer extends Method = Method> {
  origin: ExplanationOrigin;
  config: ExplainConfig;
  target: Prediction;
  /** The most probable class on the clip. */
  predicted: Prediction;
  /** One for each area, in the order asked for; one in all for a saliency method or the smallest area. */
  masks: MaskExplanation<Explainer>[];
  /** How the mask was found where the smallest area was asked for. */
  search?: AreaSearch;
  /**
   * Seconds in the method, in it inside the model, and for each iteration (sample, step), of several clips in one run an
   * equal share; of a run with `cudaGraph` how many of the run's iterations came from a CUDA graph.
   */
  timing: { seconds: number; modelSeconds: number; secondsPerIteration: number; replayed?: number };
}
