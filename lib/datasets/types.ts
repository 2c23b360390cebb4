import type { Clip } from '../clip/types';
import type { ReadOptions } from '../frames/readOptions';
import type { ModelInput } from '../manifest/manifest';

/** Where the actor or object is on a clip's own pixels. */
export interface BoxMask {
  /** T×H×W bytes: 1 inside any of the frame's boxes, else 0. */
  inside: Uint8Array;
  /** T flags: whether anybody drew boxes for the frame; only these frames count in localisation metrics. */
  annotated: boolean[];
}

/** A clip as a model takes it, with what is known about it. */
export interface AnnotatedClip {
  clip: Clip;
  /** null when the data set has no boxes for this clip. */
  boxes: BoxMask | null;
}

/** One clip of a data set, not read yet. */
export interface Sample {
  /** Unique in its data set and the same on every machine; letters, digits, `-`, `_` and `.` only. */
  id: string;
  /** Name of the true class. */
  label: string;
  /** @throws FepError when the clip is missing, damaged or unfit for the model */
  read(input: ModelInput, options?: ReadOptions): Promise<AnnotatedClip>;
}

/** Something in a data set that cannot be used, named so that it can be mended. */
export interface DatasetProblem {
  /** The sample's id, or the file and line. */
  where: string;
  message: string;
}

/** Labelled clips, in an order that never changes. */
export interface Dataset {
  name: string;
  /** Names of all classes, in the data set's own order. */
  classes: string[];
  samples: Sample[];
  /** Samples left out, and why; with `skipErrors` only, else the first one is thrown. */
  problems: DatasetProblem[];
}
