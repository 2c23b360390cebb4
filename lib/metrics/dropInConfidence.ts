import { FepError } from '../errors/fepError';
import { shown } from '../options/requireArguments';

/** The confidence that a model loses on what a mask keeps. */
export interface DropInConfidence {
  /** max(0, Φ_y(X) − Φ_y(M ⊗ X)). */
  absolute: number;
  /** The absolute drop divided by Φ_y(X); null when Φ_y(X) is 0. */
  relative: number | null;
}

/**
 * DC: the confidence that a model loses when it sees only what the mask keeps. Lower is better; a gain counts as 0.
 *
 * @param original Φ_y(X), where y is the class that the model predicts on the clip X
 * @param explained Φ_y(M ⊗ X)
 * @throws FepError `FEP_USAGE` when a probability is not in [0, 1]
 */
export function dropInConfidence(original: number, explained: number): DropInConfidence {
  checkProbability(original);
  checkProbability(explained);
  const absolute = Math.max(0, original - explained);
  return { absolute, relative: original > 0 ? absolute / original : null };
}

/** How far above 1 the model's rounding may push a probability. */
const ROUNDING = 1e-3;

function checkProbability(value: number): void {
  if (typeof value === 'number' && value >= 0 && value <= 1 + ROUNDING) return;
  throw new FepError('FEP_USAGE', `The probability is ${shown(value)}; expected 0 to 1.`);
}
