import type { GradientRecord } from '../../binding';
import type { Shape3 } from './dct';
import { frameCorrelation } from './frameCorrelation';
import { afterModulation, beforeModulation, type ModulatedConfig, type Run, shapeOf } from './runs';

/** The negative gradient, T×H×W: positive where the next update raises the mask. */
export interface GradientMap {
  method: string;
  stage: string;
  values: Float32Array;
  /** See `frameCorrelation`. */
  frameCorrelation: number | null;
  /** Root mean square of the values. */
  rootMeanSquare: number;
}

/** Gradients of one iteration, before and after modulation. */
export interface GradientMaps {
  iteration: number;
  shape: Shape3;
  maps: GradientMap[];
}

/** Fig. 2: the gradient of 3D-EP, and F-EP's before and after modulation, at one iteration. */
export function gradientMaps(ep: Run, fep: Run & { config: ModulatedConfig }, at: number): GradientMaps {
  const { part } = fep.config.modulation;
  const [plain, modulated] = [ep.gradients.get(at)!, fep.gradients.get(at)!];
  return {
    iteration: at,
    shape: shapeOf(plain),
    maps: [
      toMap('3D-EP', 'gradient', beforeModulation(plain, part), plain),
      toMap('F-EP', 'before modulation', beforeModulation(modulated, part), modulated),
      toMap('F-EP', 'after modulation', afterModulation(modulated, part), modulated),
    ],
  };
}

function toMap(method: string, stage: string, gradient: Float32Array, record: GradientRecord): GradientMap {
  const values = gradient.map((value) => -value);
  const squares = values.reduce((sum, value) => sum + value ** 2, 0);
  return {
    method,
    stage,
    values,
    frameCorrelation: frameCorrelation(values, shapeOf(record)[0]),
    rootMeanSquare: Math.sqrt(squares / values.length),
  };
}
