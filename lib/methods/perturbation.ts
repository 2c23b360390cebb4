import { FepError } from '../errors/fepError';
import type { Manifest } from '../manifest/manifest';

/**
 * What can take the place of what a mask does not keep: the clip blurred, or faded to black or to the mean colour of
 * the model's training data.
 */
export const PERTURBATIONS = ['blur', 'fade-black', 'fade-mean'] as const;
/** What takes the place of what a mask does not keep. */
export type PerturbationName = (typeof PERTURBATIONS)[number];

/** The colour of a fade; null for a blur. */
export type Fade = 'black' | 'mean' | null;

/** Extremal Perturbations' pyramid. */
const BLUR = { blurLevels: 8, blurSigma: 20 } as const;

/** A perturbation as configurations record it. */
export function settledPerturbation(name: PerturbationName) {
  const fade = fadeOf(name);
  return { perturbation: fade === null ? ('blur' as const) : ('fade' as const), fade, ...BLUR };
}

function fadeOf(perturbation: PerturbationName): Fade {
  if (perturbation === 'blur') return null;
  return perturbation === 'fade-black' ? 'black' : 'mean';
}

/** The colour in a model's normalised space, where the mean is 0 and black the low end of the pixels' range. */
export function fadeColour(fade: Fade, { input }: Manifest): [number, number, number] {
  const colour: [number, number, number] = [0, 0, 0];
  if (fade !== 'black') return colour;
  const [black] = input.pixelRange;
  for (const channel of [0, 1, 2] as const)
    colour[channel] = (black - input.mean[channel]) / input.std[channel];
  return colour;
}

/** A perturbation as the addon takes it. */
export interface NativePerturbation {
  perturbation: 'blur' | 'fade';
  blurLevels: number;
  blurSigma: number;
  /** The colour that `fade` fades to, in the model's normalised space and channel order. */
  fadeColour: [number, number, number];
}

/** The perturbation of a configuration as the addon takes it. */
export function perturbationOf(
  { perturbation, fade, blurLevels, blurSigma }: Omit<NativePerturbation, 'fadeColour'> & { fade: Fade },
  manifest: Manifest,
): NativePerturbation {
  return { perturbation, blurLevels, blurSigma, fadeColour: fadeColour(fade, manifest) };
}

/** @throws FepError `FEP_USAGE` for a perturbation that does not exist */
export function nativePerturbation(name: PerturbationName, manifest: Manifest): NativePerturbation {
  if (!PERTURBATIONS.includes(name)) {
    throw new FepError(
      'FEP_USAGE',
      `There is no perturbation ${String(name)}: choose from ${PERTURBATIONS.join(', ')}.`,
    );
  }
  return perturbationOf(settledPerturbation(name), manifest);
}
