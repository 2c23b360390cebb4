import { type MaskConfig, variantOf } from '../methods/config';
import { type Certainty, shareKept, shareTaken } from '../report/certainty';

/** How much of what it is asked for a mask does: the share of the probability that it keeps, or takes away; the less of both. */
export function shareOf(probability: Certainty, config: MaskConfig): number {
  const [kept, taken] = [shareKept(probability), shareTaken(probability)];
  return { preserve: kept, delete: taken, dual: Math.min(kept, taken) }[variantOf(config)];
}

/** The search judges a mask in another order of operations than the result does; so much more makes up for rounding. */
const MARGIN = 1e-3;
/** Below every probability that a model tells from 0. */
const TINY = 1e-30;

/**
 * The most energy of the reward, w_r times −log Φ_y(M ⊗ X), −log(1 − Φ_y((1 − M) ⊗ X)) or their sum, at which a mask surely
 * does the asked share. A sum below the lesser of both bounds is of terms below both.
 *
 * @param original Φ_y(X)
 */
export function enoughEnergy(original: number, keep: number, config: MaskConfig): number {
  const asked = keep + MARGIN * (1 - keep);
  const kept = -Math.log(Math.max(asked * original, TINY));
  const taken = -Math.log(Math.max(1 - (1 - asked) * original, TINY));
  const energies = { preserve: kept, delete: taken, dual: Math.min(kept, taken) };
  return config.rewardWeight * energies[variantOf(config)];
}
