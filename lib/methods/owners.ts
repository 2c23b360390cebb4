import { FepError } from '../errors/fepError';
import { MASK_METHODS, type Method } from './methods';
import type { ExplainOptions } from './options';

const SMOOTHGRAD = ['smoothgrad', 'smoothgrad-squared', 'smoothgrad-variance'] as const;
const CAM = ['grad-cam', 'grad-cam-plus-plus'] as const;

/** Options that some methods have and others do not; those that are not named here are everybody's. */
const OWNERS: Partial<Record<keyof ExplainOptions, readonly Method[]>> = {
  area: MASK_METHODS,
  iterations: MASK_METHODS,
  until: MASK_METHODS,
  schedule: ['f-ep', 'ep', 'ep-2d'],
  step: MASK_METHODS,
  sigma: MASK_METHODS,
  areaOver: MASK_METHODS,
  arithmetic: MASK_METHODS,
  cudaGraph: MASK_METHODS,
  rewardWeight: MASK_METHODS,
  areaWeight: MASK_METHODS,
  learningRate: MASK_METHODS,
  lowRatio: ['f-ep'],
  highRatio: ['f-ep'],
  temporalLowRatio: ['f-ep'],
  temporalHighRatio: ['f-ep'],
  domain: ['f-ep'],
  modulate: ['f-ep'],
  integrationSteps: ['integrated-gradients'],
  baseline: ['integrated-gradients'],
  samples: [...SMOOTHGRAD, 'rise'],
  noise: SMOOTHGRAD,
  layer: CAM,
  camWeights: CAM,
  cells: ['rise', 'random'],
};

/** @throws FepError `FEP_USAGE` for an option that another method has, which would be ignored */
export function refuseAlienOptions(options: ExplainOptions, method: Method): void {
  for (const [name, owners] of Object.entries(OWNERS)) {
    if (options[name as keyof ExplainOptions] === undefined || owners.includes(method)) continue;
    const kind = owners.length === 1 ? 'method' : 'methods';
    throw new FepError(
      'FEP_USAGE',
      `${name} belongs to the ${kind} ${owners.join(', ')}, not to ${method}.`,
      {
        hint: `Leave it out, or choose --method ${owners[0]}.`,
      },
    );
  }
}
