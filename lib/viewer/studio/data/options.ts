import type { OptionField } from '../../../studio/api';
import { DEFAULT_METHOD } from './address';

/** The options that matter most, in the order of the form; the others are folded away. */
const FEW = [
  'area',
  'variant',
  'lowRatio',
  'highRatio',
  'iterations',
  'samples',
  'integrationSteps',
  'layer',
];

export function isOneOfFew({ name }: OptionField): boolean {
  return FEW.includes(name);
}

/** The symbols of the paper that two options are known by. */
const SYMBOLS: Record<string, string> = { lowRatio: ' r_l', highRatio: ' r_h' };

/** An option's name in words: `integrationSteps` is “Integration steps”. */
export function titleOf({ name }: OptionField): string {
  const words = name
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/^cuda|^cam/, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1) + (SYMBOLS[name] ?? '');
}

/**
 * What was typed, as `explain` takes it: the fields that are empty are left to the method.
 *
 * F-EP keeps its quick settings, as the page says, where a band or a weight is typed: `explain` would take the published
 * ones, of 2,000 updates, for what is left empty.
 */
export function optionsOf(
  method: string,
  fields: readonly OptionField[],
  typed: Record<string, string>,
): Record<string, unknown> {
  const options = typedOptions(fields, typed);
  const isQuick =
    method === DEFAULT_METHOD && options.preset === undefined && Object.keys(options).length > 0;
  return isQuick ? { preset: 'quick', ...options } : options;
}

function typedOptions(
  fields: readonly OptionField[],
  typed: Record<string, string>,
): Record<string, unknown> {
  const given = fields.flatMap((field) => {
    const text = typed[field.name]?.trim() ?? '';
    return text === '' ? [] : [[field.name, readTyped(field, text)] as const];
  });
  return Object.fromEntries(given);
}

function readTyped({ kind }: OptionField, text: string): unknown {
  if (kind === 'switch') return text === 'true';
  if (kind === 'choice') return text;
  if (/^[\d.]+(?:\s*,\s*[\d.]+)+$/.test(text)) return text.split(',').map(Number);
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Options as they would have been typed. */
export function typedOf(options: Record<string, unknown>): Record<string, string> {
  const { method: _, target: __, ...own } = options;
  return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, String(value)]));
}
