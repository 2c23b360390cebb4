import type { GradientRecord } from '../../binding';
import { modulate, type Ratios } from './bands';
import { gradientOf, type ModulatedConfig, type Run, ratiosOf, shapeOf } from './runs';

/**
 * How far the real loop departs from Eq. (5), which says that modulating gradients is modulating masks. Distances are
 * Euclidean, relative to how far F-EP's mask has come from where it began.
 */
export interface Departure {
  iterations: number[];
  /** 3D-EP's mask, modulated, against F-EP's: all that bends the equality, above all that the two see other gradients. */
  betweenRuns: number[];
  /**
   * F-EP's own gradients summed without clamping the mask to [0, 1], against its mask: what clamping alone does. Over
   * the first iterations, on the grid of parameters only.
   */
  clamping: { iterations: number[]; distance: number[] } | null;
  /**
   * That sum with modulated gradients, against the modulated sum of plain ones, after the last of those iterations: 0
   * but for rounding, because momentum is linear. Only where the whole gradient is modulated.
   */
  momentum: number | null;
}

/** The clamp's part is followed over so many iterations: the gradients of all of them are kept. */
export const CLAMPING_FOLLOWED = 300;

/** @param iterations at which both runs have records; the first is 0 */
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
  const followed = modulation.domain === 'parameters' ? consecutive(fep.gradients) : [];
  const linear = followed.length > 1 ? followLinearly(followed, fep.config) : null;
  const momentum = linear && modulation.part === 'energy' ? bendOf(linear, followed[0]!, ratios) : null;
  return { iterations: later, betweenRuns, clamping: linear?.clamping ?? null, momentum };
}

/** The records from iteration 0 on without a gap. */
function consecutive(gradients: Map<number, GradientRecord>): GradientRecord[] {
  const records: GradientRecord[] = [];
  for (let t = 0; t < CLAMPING_FOLLOWED; t++) {
    const record = gradients.get(t);
    if (!record) break;
    records.push(record);
  }
  return records;
}

/** The update of Eq. (3) with momentum but without the clamp, on modulated and on plain gradients. */
function followLinearly(records: readonly GradientRecord[], config: ModulatedConfig) {
  const [start] = records;
  const modulated = new LinearDescent(start!.mask, config);
  const plain = new LinearDescent(start!.mask, config);
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

/** Stochastic gradient descent with momentum as native/attribution/gradient_descent.h has it, without the clamp. */
class LinearDescent {
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

function bendOf(
  { modulated, plain }: ReturnType<typeof followLinearly>,
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
  let [between, way] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    between += (a[i]! - b[i]!) ** 2;
    way += (b[i]! - start[i]!) ** 2;
  }
  return Math.sqrt(between / way);
}
