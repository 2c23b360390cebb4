import type { Clip } from '../clip/types';
import type { ReadOptions } from '../frames/readOptions';
import type { ModelInput } from '../manifest/manifest';

/** Where the object is, on the clip's own pixels. */
export interface BoxMask {
  /** T×H×W bytes: 1 inside any box of the frame, else 0. */
  inside: Uint8Array;
  /** T flags: whether the frame has boxes; only these frames count in localisation metrics. */
  annotated: boolean[];
}

/** A model's input, with its annotation. */
export interface AnnotatedClip {
  clip: Clip;
  /** null if the data set has no boxes for this clip. */
  boxes: BoxMask | null;
}

/** A clip of a data set, not read yet. */
export interface Sample {
  /** Unique in its data set and equal on every machine; only letters, digits, `-`, `_` and `.`. */
  id: string;
  /** Name of the true class. */
  label: string;
  /** @throws FepError if the clip is missing, damaged or does not fit the model */
  read(input: ModelInput, options?: ReadOptions): Promise<AnnotatedClip>;
}

/** Something unusable in a data set, described so that it can be fixed. */
export interface DatasetProblem {
  /** The sample's id, or the file and line. */
  where: string;
  message: string;
}

/** Labelled clips in a fixed order. */
export interface Dataset {
  name: string;
  /** Names of all classes, in the data set's own order. */
  classes: string[];
  samples: Sample[];
  /** Skipped samples and the reasons; only with `skipErrors`, otherwise the first one is thrown. */
  problems: DatasetProblem[];
}
