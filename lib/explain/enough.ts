import { type MaskConfig, variantOf } from '../methods/config';
import { type Certainty, shareKept, shareTaken } from '../report/certainty';

/** How much of what it is asked for a mask does: the share of the probability that it keeps, or takes away; the less of both. */
export function shareOf(probability: Certainty, config: MaskConfig): number {
  const [kept, taken] = [shareKept(probability), shareTaken(probability)];
  return { preserve: kept, delete: taken, dual: Math.min(kept, taken) }[variantOf(config)];
}

/** Below every probability that a model tells from 0. */
const TINY = 1e-30;

/**
 * The reward's energy, w_r times −log Φ_y(M ⊗ X), −log(1 − Φ_y((1 − M) ⊗ X)) or both, of a mask that does the asked share.
 * Of both it is their sum, which one of them may pass at the other's cost: what counts in the end is `shareOf`.
 *
 * @param original Φ_y(X)
 */
export function enoughEnergy(original: number, keep: number, config: MaskConfig): number {
  const kept = -Math.log(Math.max(keep * original, TINY));
  const taken = -Math.log(Math.max(1 - (1 - keep) * original, TINY));
  const energies = { preserve: kept, delete: taken, dual: kept + taken };
  return config.rewardWeight * energies[variantOf(config)];
}
