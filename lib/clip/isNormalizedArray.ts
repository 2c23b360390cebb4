import { isNormalized, readArray } from './array';
import { sourceKind } from './sourceKind';

/** Whether a path is an array of floats, which is a model's input already: nothing of it is scaled or normalised. */
export async function isNormalizedArray(path: string): Promise<boolean> {
  return (await sourceKind(path)) === 'array' && isNormalized(await readArray(path));
}
