import type { AnnotatedClip } from '../datasets/types';
import type { Explanation, MaskExplanation } from '../explain/types';
import type { ExplainConfig } from '../methods/config';
import type { MaskScores } from '../metrics/score';
import type { Prediction } from '../model/videoModel';

/** A clip, and what is known about it. */
export interface ClipToExplain extends AnnotatedClip {
  /** Name of the true class; null where it is not known. */
  label: string | null;
}

/** The class that is explained. */
export interface ClassToExplain {
  /** Its index; default the one that the configuration names, else the one that the model predicts. */
  target?: number | undefined;
  /** The model's answer to the clip, where it is known already: it spares the oracle a pass. */
  probabilities?: Float32Array | undefined;
}

/** What a planned method finds on a clip. */
export interface PlannedExplanation extends Pick<Explanation, 'target' | 'predicted' | 'masks'> {
  /** Null for the oracle. */
  config: ExplainConfig | null;
  timing: Pick<Explanation['timing'], 'seconds' | 'modelSeconds'>;
}

/** One mask of a method, and every score of it. */
export interface EvaluatedMask {
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

/** What a planned method found on a clip, and its scores. */
export interface Evaluation {
  /** The class that was explained. */
  target: Prediction;
  /** One for each area, one in all for a saliency method; none of the oracle where nobody drew boxes. */
  masks: EvaluatedMask[];
  /** Of the explanation, all masks together. */
  timing: PlannedExplanation['timing'];
}
