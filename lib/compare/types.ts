import type { RecordedViews } from '../clip/views';
import type { EvaluatedMask as ComparedMethod } from '../evaluate/types';
import type { Prediction } from '../model/videoModel';
import type { CheckedCompareOptions, CompareOptions } from './options';

export type { EvaluatedMask as ComparedMethod } from '../evaluate/types';

/** How far a comparison is. */
export interface CompareProgress {
  /** The method at work. */
  method: string;
  /** Methods that are done, and all. */
  done: number;
  total: number;
  /** Of the method at work, in [0, 1]. */
  fraction: number;
}

/** What `compare` may be told beside its options. */
export interface CompareCallOptions extends CompareOptions {
  /** Told how far the comparison is, about ten times a second. */
  onProgress?: (progress: CompareProgress) => void;
  /** Stops within one iteration; the promise rejects with `FEP_ABORTED`. */
  signal?: AbortSignal;
}

/** What every method found on one clip. */
export interface Comparison {
  options: CheckedCompareOptions;
  /** The class that all methods explain. */
  target: Prediction;
  /** The most probable class on the clip. */
  predicted: Prediction;
  /** The true class, where it is known. */
  label: string | null;
  /** The views whose average is explained, if the model is one of `averageViews`. */
  views?: RecordedViews;
  /** In the order asked for. */
  methods: ComparedMethod[];
}
