import type { MaskExplanation } from '../explain/types';
import type { ExplainConfig } from '../methods/config';
import type { MaskScores } from '../metrics/score';
import type { Prediction } from '../model/videoModel';
import type { CheckedCompareOptions, CompareOptions } from './options';

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

/** What one method made of the clip. */
export interface ComparedMethod {
  /** Name of its row, e.g. `F-EP` or `3D-EP (13/23)`; with several areas `F-EP, 5 %`. */
  label: string;
  /** Whether it only shows what the others are worth. */
  control: boolean;
  /** Null for the boxes themselves. */
  config: ExplainConfig | null;
  explanation: MaskExplanation;
  scores: MaskScores;
  /** Of the method, all its masks together, and of this mask's metrics. */
  seconds: number;
  scoringSeconds: number;
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
  /** In the order asked for. */
  methods: ComparedMethod[];
}
