import type { Clip } from '../clip/types';
import type { BoxMask } from '../datasets/types';
import type { EnergyPoint } from './energyPoint';
import type { ClassBars } from './page/document';

/** A class and its probability in [0, 1]. */
export interface ClassProbability {
  name: string;
  probability: number;
}

/** Everything that a report shows; plain data. */
export interface ReportInput {
  clip: Clip;
  /** T×H×W in [0, 1]; 1 is kept. */
  mask: Float32Array;
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
  target: string;
  /** Probability of the target on the clip, and on what the mask keeps. */
  probability: { original: number; explained: number };
  /** The most probable class on the clip, and on what the mask keeps. */
  predicted?: { original: ClassProbability; explained: ClassProbability };
  /** The most probable classes on both, including the target. */
  classes?: ClassBars[];
  /** Mean of the mask over the frames, in [0, 1]. */
  realisedArea: number;
  energy: EnergyPoint[];
  /** The resolved configuration. */
  config: Record<string, unknown>;
  versions: Record<string, string>;
  /** Wall time of the explanation, in seconds. */
  seconds?: number;
}
