import type { GradientRecord } from '../../binding';
import { modulate, type Ratios } from './bands';
import { gradientOf, type ModulatedConfig, type Run, ratiosOf, shapeOf } from './runs';

/**
 * How far the optimisation departs from Eq. (5), which states that modulating gradients equals modulating masks.
 * Distances are Euclidean, relative to the distance of F-EP's mask from its start.
 */
export interface Departure {
  iterations: number[];
  /**
   * 3D-EP's mask, modulated, against F-EP's: the total departure, mostly because the two runs see different gradients.
   */
  betweenRuns: number[];
  /**
   * F-EP's gradients accumulated without clamping the mask to [0, 1], against its mask: the effect of clamping alone.
   * For the first iterations, in the parameter domain only.
   */
  clamping: { iterations: number[]; distance: number[] } | null;
  /**
   * The same accumulation of modulated gradients, against the modulated accumulation of plain ones, after the last of
   * those iterations: 0 up to rounding, because momentum is linear. Only when the whole gradient is modulated.
   */
  momentum: number | null;
}

/** Number of iterations over which the effect of clamping is measured; all of their gradients are kept. */
export const CLAMPING_FOLLOWED = 300;

/** @param iterations the iterations at which both runs have records; the first is 0 */
export function measureDeparture(
  ep: Run,
  fep: Run & { config: ModulatedConfig },
  iterations: readonly number[],
): Departure {
  const { modulation } = fep.config;
  const ratios = ratiosOf(fep.config);
  const later = iterations.filter((t) => t > 0);
  const start = fep.gradients.get(0)!;
  const betweenRuns = later.map((t) => {
    const expected = modulate(ep.gradients.get(t)!.mask, shapeOf(start), ratios);
    return relativeDistance(expected, fep.gradients.get(t)!.mask, start.mask);
  });
  const followed = modulation.domain === 'parameters' ? consecutiveRecords(fep.gradients) : [];
  const linear = followed.length > 1 ? descendUnclamped(followed, fep.config) : null;
  const momentum =
    linear && modulation.part === 'energy' ? momentumDeparture(linear, followed[0]!, ratios) : null;
  return { iterations: later, betweenRuns, clamping: linear?.clamping ?? null, momentum };
}

/** The records from iteration 0 up to the first gap. */
function consecutiveRecords(gradients: Map<number, GradientRecord>): GradientRecord[] {
  const records: GradientRecord[] = [];
  for (let t = 0; t < CLAMPING_FOLLOWED; t++) {
    const record = gradients.get(t);
    if (!record) break;
    records.push(record);
  }
  return records;
}

/** Applies the update of Eq. (3) with momentum but without the clamp, to modulated and to plain gradients. */
function descendUnclamped(records: readonly GradientRecord[], config: ModulatedConfig) {
  const [start] = records;
  const modulated = new UnclampedDescent(start!.mask, config);
  const plain = new UnclampedDescent(start!.mask, config);
  const clamping = { iterations: [] as number[], distance: [] as number[] };
  for (const [t, record] of records.entries()) {
    if (t > 0) {
      clamping.iterations.push(t);
      clamping.distance.push(relativeDistance(modulated.mask, record.mask, start!.mask));
    }
    modulated.step(record.applied);
    plain.step(gradientOf(record));
  }
  return { clamping, modulated: modulated.mask, plain: plain.mask };
}

/** Gradient descent with momentum as in native/attribution/gradient_descent.h, without the clamp. */
class UnclampedDescent {
  readonly mask: Float64Array;
  private velocity: Float64Array | undefined;

  constructor(
    start: ArrayLike<number>,
    private readonly config: Pick<ModulatedConfig, 'learningRate' | 'momentum' | 'dampening'>,
  ) {
    this.mask = Float64Array.from(start);
  }

  step(gradient: ArrayLike<number>): void {
    const { learningRate, momentum, dampening } = this.config;
    this.velocity = this.velocity
      ? this.velocity.map((v, i) => momentum * v + (1 - dampening) * gradient[i]!)
      : Float64Array.from(gradient);
    for (const [i, v] of this.velocity.entries()) this.mask[i]! -= learningRate * v;
  }
}

function momentumDeparture(
  { modulated, plain }: ReturnType<typeof descendUnclamped>,
  start: GradientRecord,
  ratios: Ratios,
): number {
  return relativeDistance(modulate(plain, shapeOf(start), ratios), modulated, start.mask);
}

/** ‖a − b‖ / ‖b − start‖. */
export function relativeDistance(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  start: ArrayLike<number>,
): number {
  let [difference, distance] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    distance += (b[i]! - start[i]!) ** 2;
  }
  return Math.sqrt(difference / distance);
}
