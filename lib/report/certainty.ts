/** Probabilities of a class: on the clip, on what a mask keeps, and on the rest. */
export interface Certainty {
  original: number;
  explained: number;
  deleted?: number;
}

/** The share of a class's probability that a mask keeps, at most 1; all of it where there was none. */
export function shareKept({ original, explained }: Certainty): number {
  return original > 0 ? Math.min(explained / original, 1) : 1;
}

/** The share that is gone without what a mask covers, at least 0; all of it where there was none. */
export function shareTaken({ original, deleted = original }: Certainty): number {
  return original > 0 ? Math.max(0, 1 - deleted / original) : 1;
}
