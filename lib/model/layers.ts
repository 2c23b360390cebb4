import type { Layer } from '../../binding';
import { FepError } from '../errors/fepError';
import { requireArray, requireObject, requireString } from '../options/requireArguments';

export type { Layer } from '../../binding';

/** Whether Grad-CAM can use a layer: its output has spatial dimensions, or is tokens of a grid. */
export function isCamLayer(layer: Layer): boolean {
  requireObject(layer, 'layer');
  return layer.maps !== null;
}

/**
 * The layer that Grad-CAM uses, the first where it uses several; see `chooseLayers`.
 *
 * @throws FepError `FEP_USAGE` when there is no such layer, or it has no spatial dimensions
 */
export function chooseLayer(layers: readonly Layer[], wanted: string | null): Layer {
  return chooseLayers(layers, wanted)[0]!;
}

/**
 * The layers that Grad-CAM uses, whose maps it adds.
 *
 * @param wanted names with commas between them; null for the exported `features`, or else what the whole decision flows
 *   through (`Layer.isDefault`), or else the last suitable convolution, or else the last suitable layer
 * @throws FepError `FEP_USAGE` when there is no such layer, or it has no spatial dimensions
 */
export function chooseLayers(layers: readonly Layer[], wanted: string | null): Layer[] {
  requireArray(layers, 'layers');
  if (wanted === null) return defaultLayers(layers.filter(isCamLayer));
  requireString(wanted, 'wanted');
  return wanted.split(',').map((name) => layerNamed(layers, name.trim()));
}

function layerNamed(layers: readonly Layer[], wanted: string): Layer {
  const candidates = layers.filter(isCamLayer);
  const layer = layers.find(({ name }) => name === wanted);
  if (layer === undefined) {
    throw new FepError('FEP_USAGE', `The model has no layer ${wanted}.`, { hint: hint(wanted, candidates) });
  }
  if (isCamLayer(layer)) return layer;
  throw new FepError(
    'FEP_USAGE',
    `The layer ${wanted} (${layer.type}) returns ${layer.shape.join('×')}, which has no extent in space.`,
    { hint: `${mayBeTokens(layer) ? `${TOKENS_HINT} ` : ''}${hint(wanted, candidates)}` },
  );
}

function defaultLayers(candidates: Layer[]): Layer[] {
  const features = candidates.find(({ name, type }) => name === 'features' && type === 'method');
  if (features) return [features];
  const deciding = candidates.filter(({ isDefault }) => isDefault);
  if (deciding.length > 0) return deciding;
  const tokens = candidates.filter(({ grid }) => grid);
  const last = candidates.findLast(({ type }) => /conv/i.test(type)) ?? candidates.at(-1);
  if (last) return [tokens.at(-1) ?? last];
  throw new FepError('FEP_USAGE', 'No layer of the model has an extent in space, which Grad-CAM needs.', {
    hint: `Take a method that needs no layer, such as smoothgrad or rise. ${TOKENS_HINT}`,
  });
}

const TOKENS_HINT = 'If the model is a transformer, say how its tokens tile the clip: --tokens TxHxW+PREFIX.';

/** Whether a layer looks like 1×L×C, which a grid of tokens would make usable. */
function mayBeTokens({ shape, grid }: Layer): boolean {
  return shape.length === 3 && !grid;
}

/** What the closest usable layers are, and which one is usual. */
function hint(wanted: string, candidates: Layer[]): string {
  const list = '`fep-native models inspect` lists them all';
  const usual = candidates.filter(({ isDefault }) => isDefault).map(({ name }) => name);
  const names = [...new Set([...closest(wanted, candidates), ...usual])];
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
