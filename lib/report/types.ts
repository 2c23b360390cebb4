import type { Clip } from '../clip/types';
import type { BoxMask } from '../datasets/types';
import type { EnergyPoint } from './energyPoint';
import type { ClassBars } from './page/document';

/** A class and how sure the model is of it, in [0, 1]. */
export interface ClassProbability {
  name: string;
  probability: number;
}

/** Everything a report shows; plain data. */
export interface ReportInput {
  clip: Clip;
  /** T×H×W in [0, 1]; 1 is kept. */
  mask: Float32Array;
  /** Whether it is a map that was scaled over the clip, its 99.9th percentile to 1; default false: it is as found. */
  scaled?: boolean;
  /** Frames per second of the pictures; default the clip's own. */
  fps?: number;
  /** Where the actor is, to be drawn over the clip. */
  boxes?: BoxMask | null;
  /** The method as people call it, e.g. `F-EP`. */
  method: string;
  /** The model's name. */
  model: string;
  /** What to know about the model before believing the explanation. */
  modelWarnings?: readonly string[];
  target: string;
  /** Probability of the target on the clip, and on what the mask leaves of it. */
  probability: { original: number; explained: number };
  /** The most probable class on the clip, and on what the mask leaves of it. */
  predicted?: { original: ClassProbability; explained: ClassProbability };
  /** The most probable classes on both, the target among them. */
  classes?: ClassBars[];
  /** Mean of the mask over the frames, in [0, 1]. */
  realisedArea: number;
  energy: EnergyPoint[];
  /** The configuration as it was resolved. */
  config: Record<string, unknown>;
  versions: Record<string, string>;
  /** Wall time of the explanation. */
  seconds?: number;
}
