import type { MaskScores } from '../../metrics/score';

/** One mask of an item. */
export interface MaskRecord {
  /** The budget; null for methods that have none. */
  area: number | null;
  /** Φ_y(M ⊗ X), y the class that the model predicts on the clip. */
  explained: number;
  /** Name of the most probable class on M ⊗ X. */
  predicted: string;
  scores: MaskScores;
  /** Of the methods that optimise masks: updates that were made, and the weighted energies of the last one. */
  energy?: LastEnergy;
  /** What the method says of itself, e.g. the completeness gap of integrated gradients. */
  details?: Record<string, number | string>;
}

/** How a mask's optimisation ended. */
export interface LastEnergy {
  iterations: number;
  reward: number;
  area: number;
  core: number;
}

/** One line of `results.jsonl`: what a method found on a clip of a model. */
export interface BenchRecord {
  model: string;
  /** The sample's id, and its place in the data set from 0. */
  sample: string;
  place: number;
  /** The method's label. */
  method: string;
  /** Name of the true class. */
  label: string;
  /** The class that is explained: the most probable one on the clip. */
  target: { name: string; probability: number };
  /** One for each area; none where a method has nothing to say, as the oracle without boxes. */
  masks: MaskRecord[];
  /** The only part of a line that differs between two runs. */
  timing: BenchTiming;
}

/** Seconds that an item took. */
export interface BenchTiming {
  /** Of the explanation, all areas together. */
  seconds: number;
  /** Part of it inside the model. */
  modelSeconds: number;
  /** Of the metrics. */
  scoringSeconds: number;
}

/** One line of `errors.jsonl`. */
export interface BenchFailure {
  model: string;
  sample: string;
  place: number;
  method: string;
  code: string;
  message: string;
}

/** What an item is called: unique in a bench, the same in every run. */
export function itemKey({ model, place, method }: Pick<BenchRecord, 'model' | 'place' | 'method'>): string {
  return JSON.stringify([model, place, method]);
}
