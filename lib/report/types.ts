import type { Clip } from '../clip/types';
import type { BoxMask } from '../datasets/types';
import type { EnergyPoint } from './energyPoint';
import type { ClassBars } from './page/document';

/** A class and its probability in [0, 1]. */
export interface ClassProbability {
  name: string;
  probability: number;
}

/** The masks that a search for the smallest one came by, from the smallest to the largest. */
export interface SearchInput {
  /** The share of the class's probability on the clip that a mask had to keep. */
  keep: number;
  /** Whether one did. */
  found: boolean;
  /** Which of them is the explanation's. */
  chosen: number;
  tried: {
    mask: Float32Array;
    perturbed: Uint8Array;
    /** Share of the frame where it is at least ½, or its mean if that is more. */
    size: number;
    /** Of the class on what the model saw. */
    probability: number;
  }[];
}

/** Everything that a report shows; plain data. */
export interface ReportInput {
  clip: Clip;
  /** T×H×W in [0, 1]; 1 is kept. */
  mask: Float32Array;
  /** What the model saw under the mask, M ⊗ X, or where the mask deletes (1 − M) ⊗ X: T×H×W×3 RGB bytes. */
  perturbed: Uint8Array;
  /** Whether the mask was to take the class away, and `perturbed` shows the clip without what it covers. Default false. */
  deletes?: boolean;
  /**
   * Whether the mask is a saliency map rescaled over the clip, with its 99.9th percentile at 1; default false: not
   * rescaled.
   */
  scaled?: boolean;
  /** Playback rate in frames per second; default from the clip. */
  fps?: number;
  /** Boxes of the actor, drawn over the clip. */
  boxes?: BoxMask | null;
  /** Display name of the method, e.g. `F-EP`. */
  method: string;
  /** The model's name. */
  model: string;
  /** Warnings about the model that affect how far to trust the explanation. */
  modelWarnings?: readonly string[];
  /** What several views are averaged, as `average of 4 × 3 views`; absent where the model sees the clip whole. */
  views?: string;
  target: string;
  /** Probability of the target on the clip, on what the mask keeps, and where that was asked for on the rest. */
  probability: { original: number; explained: number; deleted?: number };
  /** The most probable class on the clip, and on what the mask keeps. */
  predicted?: { original: ClassProbability; explained: ClassProbability };
  /** The most probable classes on both, including the target. */
  classes?: ClassBars[];
  /** Mean of the mask over the frames, in [0, 1]. */
  realisedArea: number;
  /** Share of the frames' voxels where the mask is at least ½. */
  realisedAreaAtHalf: number;
  energy: EnergyPoint[];
  /** Why the mask is not what was asked for, and what to do; absent where nothing is. */
  advice?: string;
  /** How the smallest mask was searched. */
  search?: SearchInput;
  /** The resolved configuration. */
  config: Record<string, unknown>;
  versions: Record<string, string>;
  /** Wall time of the explanation, in seconds. */
  seconds?: number;
}
