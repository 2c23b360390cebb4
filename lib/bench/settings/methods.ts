import { FepError } from '../../errors/fepError';
import { METHOD_LABELS, METHODS, type Method } from '../../methods/methods';
import { suggestion } from '../../options/suggest';
import type { MethodEntry } from './options';

/** What a table may have a row of: every method, and the boxes themselves. */
export const BENCH_METHODS = [...METHODS, 'oracle'] as const;
export type BenchMethod = Method | 'oracle';

/** Rows that show what the numbers of the others are worth; they take no part in the ranking. */
const CONTROLS: readonly BenchMethod[] = ['random', 'center', 'oracle'];

/** The rows of the paper's tables, then the controls. */
export const DEFAULT_METHODS: readonly BenchMethod[] = [
  ...(['gradients', 'integrated-gradients', 'smoothgrad', 'grad-cam', 'grad-cam-plus-plus'] as const),
  ...(['ep', 'step', 'f-ep'] as const),
  ...CONTROLS,
];

export function isControl({ method }: MethodEntry): boolean {
  return CONTROLS.includes(method);
}

/**
 * Reads `ep@step=13:sigma=23` or `rise@cells=4x7x7`: a method and, behind an @, options by the names that they have
 * on the command line, parted by colons.
 *
 * @throws FepError `FEP_USAGE` for an unknown method or an option without a value; the rest is up to the caller
 */
export function parseMethod(text: string): { method: string; options: Record<string, unknown> } {
  const at = text.indexOf('@');
  const method = at < 0 ? text : text.slice(0, at);
  if (!BENCH_METHODS.some((name) => name === method)) {
    throw new FepError('FEP_USAGE', `There is no method ${method}.`, {
      hint: `${suggestion(method, BENCH_METHODS)} Choose from: ${BENCH_METHODS.join(', ')}.`.trimStart(),
    });
  }
  if (at < 0) return { method, options: {} };
  const options = text
    .slice(at + 1)
    .split(':')
    .map((option): [string, unknown] => {
      const [name, value] = option.split(/=(.*)/s);
      if (name && value) return [camelCase(name), parseValue(value)];
      throw new FepError('FEP_USAGE', `${text}: ${option || 'nothing'} is not an option with a value.`, {
        hint: 'Write a method with options as ep@step=13:sigma=23.',
      });
    });
  return { method, options: Object.fromEntries(options) };
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `0.5`, `4x7x7` as three numbers, or text. */
function parseValue(value: string): number | number[] | string {
  if (/^\d+(x\d+)+$/.test(value)) return value.split('x').map(Number);
  return Number.isFinite(Number(value)) ? Number(value) : value;
}

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
