import { z } from 'zod';
import { areaBudgets } from '../methods/masks';
import { anyOptionsSchema } from '../methods/options';
import { PERTURBATIONS } from '../methods/perturbation';

const shape = anyOptionsSchema.shape;

/** One area budget, or several. */
export const areaSchema = areaBudgets.default(0.1);

/** For every method that optimises a mask and does not say otherwise. */
export const maskOptions = {
  preset: shape.preset,
  iterations: shape.iterations,
  step: shape.step,
  sigma: shape.sigma,
  areaOver: shape.areaOver,
  cudaGraph: shape.cudaGraph,
};

/** Steps of the deletion and insertion curves; 0 leaves them out. */
export const curveStepsSchema = z.number().int().min(0).max(4096);

/** What takes the place of deleted voxels. */
export const removalSchema = z.enum(PERTURBATIONS).default('blur');

/** Of methods that draw random numbers, and of ties. */
export const seedSchema = z.number().int().min(0).max(0x7fffffff).default(0);
