import { z } from 'zod';
import { describeMethod } from './method';
import { option } from './option';

const integrationOptions = {
  /** Points on the way from the baseline at which `integrated-gradients` looks; default 25. */
  integrationSteps: option(z.number().int().min(1).max(1_000_000), {
    help: 'points of integrated-gradients',
    value: 'n',
    default: 25,
  }),
  /** Where that way begins: a clip that is black everywhere (default), or has the mean colour. */
  baseline: option(z.enum(['black', 'mean']), {
    help: 'where integrated-gradients begins',
    value: 'colour',
    default: 'black',
  }),
};

const smoothgradOptions = {
  /** Noisy clips; default 25. */
  samples: option(z.number().int().min(1).max(1_000_000), {
    help: 'noisy clips of smoothgrad',
    value: 'n',
    default: 25,
  }),
  /** σ of the `smoothgrad` methods' noise as a share of the clip's range, max − min; default 0.15. */
  noise: option(z.number().min(0).max(10), {
    help: "smoothgrad's noise, of the clip's range",
    value: 'share',
    default: 0.15,
    source: 'Smilkov et al., "SmoothGrad: removing noise by adding noise" (2017)',
  }),
};

/** Methods that look at the gradient of the class's score with respect to the clip. */
export const GRADIENTS = [
  describeMethod('gradients', 'Gradients', "gradient of the class's score", {}),
  describeMethod('input-x-gradient', 'Input×Gradient', "gradient of the class's score times the input", {}),
  describeMethod(
    'integrated-gradients',
    'Integrated Gradients',
    'gradients along a line from a baseline; says how far it is from complete',
    integrationOptions,
  ),
  describeMethod('smoothgrad', 'SmoothGrad', 'mean of gradients under noise', smoothgradOptions),
  describeMethod(
    'smoothgrad-squared',
    'SmoothGrad²',
    'mean of squared gradients under noise',
    smoothgradOptions,
  ),
  describeMethod('smoothgrad-variance', 'VarGrad', 'variance of gradients under noise', smoothgradOptions),
] as const;
