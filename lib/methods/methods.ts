import { ATTENTION } from './attention';
import { CLASS_ACTIVATION_MAPS } from './classActivation';
import { CONTROLS } from './controls';
import { GRADIENTS } from './gradients';
import { MASKS } from './masks';
import type { Options, SettledUnion } from './option';
import { RISE } from './rise';

const MAPS = [...GRADIENTS, ...CLASS_ACTIVATION_MAPS, ...ATTENTION, ...RISE, ...CONTROLS] as const;

/** Every method, in the order in which they are listed. */
export const DESCRIPTIONS = [...MASKS, ...MAPS] as const;

type NameOf<Described extends readonly { name: string }[]> = Described[number]['name'];

/** A method that optimises masks. */
export type MaskMethod = NameOf<typeof MASKS>;
/** A method that makes a map, or a control. */
export type SaliencyMethod = NameOf<typeof MAPS>;
/** A method of explanation. */
export type Method = MaskMethod | SaliencyMethod;

/** The options of methods that make a map. A method has those that are its own. */
export type SaliencySettings = Partial<SettledUnion<(typeof MAPS)[number]['own']>>;

/** Methods that optimise a mask of a given area. */
export const MASK_METHODS: readonly MaskMethod[] = MASKS.map(({ name }) => name);
/** Methods that say of every voxel how much it counts, and controls that know nothing of the model. */
export const SALIENCY_METHODS: readonly SaliencyMethod[] = MAPS.map(({ name }) => name);
/** Every method of explanation. */
export const METHODS: readonly Method[] = DESCRIPTIONS.map(({ name }) => name);

/** The options that are a method's own. */
export function ownOptions(method: Method): Options {
  return DESCRIPTIONS.find(({ name }) => name === method)!.own;
}

/** How people write them. */
export const METHOD_LABELS = Object.fromEntries(
  DESCRIPTIONS.map(({ name, label }) => [name, label]),
) as Record<Method, string>;

/** Whether a method looks for masks of given areas, one for each; the others make one map. */
export function isMaskMethod(method: Method): method is MaskMethod {
  return (MASK_METHODS as readonly Method[]).includes(method);
}
