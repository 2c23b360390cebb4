import { METHOD_LABELS } from '../methods/methods';
import type { MethodEntry } from './entry';

/** The name of one mask of a method that makes several: `F-EP, 5 %`. */
export function labelAtArea(label: string, area: number): string {
  return `${label}, ${Number((100 * area).toPrecision(6))} %`;
}

/** The name of a method's row: `3D-EP (13/23)` for step and σ, `F-EP (lowRatio 0.7)` for other options. */
export function labelOf({ method, label, options }: MethodEntry): string {
  if (label !== undefined) return label;
  const name = method === 'oracle' ? 'Oracle' : METHOD_LABELS[method];
  const { step, sigma, ...others } = options;
  const notes = Object.entries(others).map(([option, value]) => `${option} ${value}`);
  if (step !== undefined && sigma !== undefined) notes.unshift(`${step}/${sigma}`);
  else if (step !== undefined) notes.unshift(`step ${step}`);
  else if (sigma !== undefined) notes.unshift(`sigma ${sigma}`);
  return notes.length > 0 ? `${name} (${notes.join(', ')})` : name;
}
