import { isMaskMethod, type Method } from '../methods/methods';
import { FRAME_ORDERS, type FrameOrder } from './frameOrder';

/** What was measured of one method, as means over the clips. ρ is a rank correlation with the explanation itself. */
export interface SanityMeasures {
  method: Method;
  /** ρ with the explanation of the model whose parameters are randomised, by share from small to large. */
  randomised: { share: number; correlation: number }[];
  /** ρ with the explanation of the clip in another order, and how far Φ_y fell. */
  frames: Record<FrameOrder, { correlation: number; drop: number }>;
  /** Whether the same call gave the same bits, and ρ with another seed's explanation. */
  seeds: { identical: boolean; correlation: number };
  /** Largest difference of two masks of 20 iterations, F-EP's with r_l + r_h = 1 and 3D-EP's; F-EP only. */
  identity: number | null;
  /** |Σ attributions − (score − baseline's score)| as a share of the latter; integrated gradients only. */
  completeness: number | null;
}

/** A check's name, with what passing it means. */
export const CHECKS = {
  parameters: 'the explanation changes when the model forgets what it learned',
  frames: 'the explanation changes when the order of frames does and the model minds',
  seeds: 'another seed gives nearly the same explanation, the same seed the very same',
  identity: 'with r_l + r_h = 1 F-EP is 3D-EP, over the first 20 iterations',
  completeness: 'attributions add up to the score that they explain',
} as const;
/** A sanity check. */
export type CheckName = keyof typeof CHECKS;

/** null: the check has nothing to say of this method, or on these clips. */
export interface Verdict {
  passed: boolean | null;
  /** What decided, in words. */
  reason: string;
}

/** A method's verdicts. */
export type Verdicts = Record<CheckName, Verdict>;

/** Above this ρ an explanation of a model that knows nothing still looks like the one of the model. */
const SAME_WITHOUT_LEARNING = 0.5;
/** A model that loses so much of Φ_y minds the order; an explanation whose ρ stays above the other does not. */
const MINDS = 0.2;
const SAME_IN_ANY_ORDER = 0.95;
const STABLE = 0.8;
/** Of mask values in [0, 1]: ten times what rounding through the DCT and back came to; a lost band came to more. */
const IDENTICAL = 0.002;
/** Of 25 points of the integral. */
const COMPLETE = 0.05;

export function judge(measures: SanityMeasures): Verdicts {
  return {
    parameters: judgeParameters(measures),
    frames: judgeFrames(measures),
    seeds: judgeSeeds(measures),
    identity: judgeLimit(measures.identity, IDENTICAL, 'largest difference of the masks'),
    completeness: judgeLimit(measures.completeness, COMPLETE, 'gap'),
  };
}

function judgeParameters({ randomised }: SanityMeasures): Verdict {
  const { share, correlation } = randomised.at(-1)!;
  return {
    passed: correlation <= SAME_WITHOUT_LEARNING,
    reason: `ρ ${correlation.toFixed(2)} with ${Math.round(100 * share)} % of the parameter tensors randomised (passes up to ${SAME_WITHOUT_LEARNING})`,
  };
}

function judgeFrames({ frames }: SanityMeasures): Verdict {
  const minded = FRAME_ORDERS.filter((order) => frames[order].drop >= MINDS);
  if (minded.length === 0)
    return { passed: null, reason: 'the model does not mind the order of these frames' };
  const unmoved = minded.find((order) => frames[order].correlation > SAME_IN_ANY_ORDER);
  const order = unmoved ?? minded[0]!;
  const { correlation, drop } = frames[order];
  return {
    passed: unmoved === undefined,
    reason: `frames ${order}: ρ ${correlation.toFixed(2)} where Φ fell by ${drop.toFixed(2)} (passes up to ${SAME_IN_ANY_ORDER})`,
  };
}

function judgeSeeds({ method, seeds: { identical, correlation } }: SanityMeasures): Verdict {
  if (!identical) return { passed: false, reason: 'the same seed gave another explanation' };
  const drawn = isMaskMethod(method) ? ' (draws no random numbers)' : '';
  return {
    passed: correlation >= STABLE,
    reason: `ρ ${correlation.toFixed(2)} with another seed${drawn} (passes from ${STABLE})`,
  };
}

function judgeLimit(value: number | null, most: number, what: string): Verdict {
  if (value === null) return { passed: null, reason: 'of another method' };
  return { passed: value <= most, reason: `${what} ${value.toPrecision(2)} (passes up to ${most})` };
}
