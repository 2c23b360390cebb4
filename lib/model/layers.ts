import type { Layer } from '../../binding';
import { FepError } from '../errors/fepError';
import { requireArray, requireObject, requireString } from '../options/requireArguments';

export type { Layer } from '../../binding';

/** Whether Grad-CAM can use a layer: its output has spatial dimensions. */
export function isCamLayer(layer: Layer): boolean {
  requireObject(layer, 'layer');
  return layer.maps !== null;
}

/**
 * The layer that Grad-CAM uses.
 *
 * @param wanted the layer's name; null for the exported `features`, or else the last suitable convolution, or else the
 *   last suitable layer
 * @throws FepError `FEP_USAGE` when there is no such layer, or it has no spatial dimensions
 */
export function chooseLayer(layers: readonly Layer[], wanted: string | null): Layer {
  requireArray(layers, 'layers');
  if (wanted !== null) requireString(wanted, 'wanted');
  const candidates = layers.filter(isCamLayer);
  if (wanted === null) return defaultLayer(candidates);
  const layer = layers.find(({ name }) => name === wanted);
  if (layer === undefined) {
    throw new FepError('FEP_USAGE', `The model has no layer ${wanted}.`, {
      hint: hint(closest(wanted, candidates)),
    });
  }
  if (isCamLayer(layer)) return layer;
  throw new FepError(
    'FEP_USAGE',
    `The layer ${wanted} (${layer.type}) returns ${layer.shape.join('×')}, which has no extent in space.`,
    { hint: hint(closest(wanted, candidates)) },
  );
}

function defaultLayer(candidates: Layer[]): Layer {
  const layer =
    candidates.find(({ name, type }) => name === 'features' && type === 'method') ??
    candidates.findLast(({ type }) => /conv/i.test(type)) ??
    candidates.at(-1);
  if (layer) return layer;
  throw new FepError('FEP_USAGE', 'No layer of the model has an extent in space, which Grad-CAM needs.', {
    hint: 'Take a method that needs no layer, such as smoothgrad or rise.',
  });
}

function hint(names: string[]): string {
  const list = '`fep-native models inspect` lists them all';
  return names.length > 0 ? `Did you mean ${names.join(' or ')}? ${list}.` : `${list}.`;
}

const MAX_SUGGESTED = 3;

/** The layer names closest to `wanted` by edit distance. */
function closest(wanted: string, layers: Layer[]): string[] {
  return layers
    .map(({ name }) => ({ name, distance: distance(wanted, name) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MAX_SUGGESTED)
    .map(({ name }) => name);
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
