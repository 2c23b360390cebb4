import type { AttributionOptions } from '../../binding';
import type { Manifest } from '../manifest/manifest';
import type { SaliencyMethod } from './methods';
import type { ExplainOptions } from './options';
import { BLUR, type Fade, fadeColour, fadeOf } from './perturbation';

/** A saliency method's configuration with nothing left open. A method has those of the options that are its own. */
export interface SaliencyConfig {
  method: SaliencyMethod;
  /** Name or index of the class to explain; null for the one the model predicts. */
  target: string | number | null;
  /** Points of the integral, and the colour from which it runs. */
  integrationSteps?: number;
  baseline?: 'black' | 'mean';
  samples?: number;
  /** σ as a share of the clip's range. */
  noise?: number;
  /** Null while it is open: the model has to be asked for its layers. */
  layer?: string | null;
  camWeights?: 'clip' | 'frame';
  /** Along T, H and W. */
  cells?: [number, number, number];
  /** What takes the place of what the map does not keep, when the map is tried out as a mask. */
  perturbation: 'blur' | 'fade';
  fade: Fade;
  blurLevels: number;
  blurSigma: number;
  seed: number;
}

type OwnOptions = Omit<
  SaliencyConfig,
  'method' | 'target' | 'perturbation' | 'fade' | 'blurLevels' | 'blurSigma' | 'seed'
>;

/** Samples of SmoothGrad and of RISE. */
const SMOOTHGRAD_SAMPLES = 25;
const RISE_SAMPLES = 500;

/** A grid whose cells are about as large as the published ones, 1/7 of a side, and a quarter of a clip long. */
const CELLS: [number, number, number] = [4, 7, 7];

export function resolveSaliencyConfig(
  method: SaliencyMethod,
  options: ExplainOptions,
  manifest: Manifest,
): SaliencyConfig {
  const fade = fadeOf(options.perturbation ?? 'blur');
  return {
    method,
    target: options.target ?? null,
    ...ownOptions(method, options, manifest),
    perturbation: fade === null ? 'blur' : 'fade',
    fade,
    ...BLUR,
    seed: options.seed ?? 0,
  };
}

function ownOptions(method: SaliencyMethod, options: ExplainOptions, manifest: Manifest): OwnOptions {
  switch (method) {
    case 'integrated-gradients':
      return { integrationSteps: options.integrationSteps ?? 25, baseline: options.baseline ?? 'black' };
    case 'smoothgrad':
    case 'smoothgrad-squared':
    case 'smoothgrad-variance':
      return { samples: options.samples ?? SMOOTHGRAD_SAMPLES, noise: options.noise ?? 0.15 };
    case 'grad-cam':
    case 'grad-cam-plus-plus':
      return {
        layer: options.layer ?? manifest.camLayer ?? null,
        camWeights: options.camWeights ?? 'clip',
      };
    case 'rise':
      return { samples: options.samples ?? RISE_SAMPLES, cells: options.cells ?? CELLS };
    case 'random':
      return { cells: options.cells ?? CELLS };
    default:
      return {};
  }
}

const FORMS = {
  smoothgrad: 'mean',
  'smoothgrad-squared': 'squared',
  'smoothgrad-variance': 'variance',
} as const;

/** A configuration, its layer settled, as the addon takes it. */
export function toAttributionOptions(
  { method, seed, ...own }: SaliencyConfig,
  manifest: Manifest,
): AttributionOptions {
  switch (method) {
    case 'integrated-gradients': {
      const baseline = fadeColour(own.baseline ?? 'black', manifest);
      return { method, steps: own.integrationSteps!, baseline };
    }
    case 'smoothgrad':
    case 'smoothgrad-squared':
    case 'smoothgrad-variance':
      return { method: 'smoothgrad', form: FORMS[method], samples: own.samples!, noise: own.noise!, seed };
    case 'grad-cam':
    case 'grad-cam-plus-plus':
      return { method, layer: own.layer!, weights: own.camWeights! };
    case 'rise':
      return { method, samples: own.samples!, cells: own.cells!, seed };
    case 'random':
      return { method, cells: own.cells!, seed };
    default:
      return { method };
  }
}
