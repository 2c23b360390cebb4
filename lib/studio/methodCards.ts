import { z } from 'zod';
import { DESCRIPTIONS, isMaskMethod } from '../methods/methods';
import { factsOf, type Options } from '../methods/option';
import { sharedOptions } from '../methods/shared';
import type { MethodCard, OptionField } from './api';

/** The methods with their options, as the schemas describe them. */
export function methodCards(): MethodCard[] {
  return DESCRIPTIONS.map(({ name, label, summary, own }) => ({
    name,
    label,
    summary,
    forms: isMaskMethod(name),
    options: fieldsOf({ ...own, ...sharedOptions }),
  }));
}

function fieldsOf(options: Options): OptionField[] {
  return Object.entries(options)
    .filter(([name]) => name !== 'target') // has a place of its own
    .map(([name, schema]) => fieldOf(name, schema));
}

function fieldOf(name: string, schema: z.ZodOptional): OptionField {
  const type = schema.unwrap() as z.ZodType;
  const { help, value = null, default: byDefault, defaultText, source = null } = factsOf(schema);
  return {
    name,
    help,
    unit: value,
    default: defaultText ?? plain(byDefault),
    source,
    kind: kindOf(type),
    choices: type instanceof z.ZodEnum ? (type.options as string[]) : [],
    ...rangeOf(type),
  };
}

function kindOf(type: z.ZodType): OptionField['kind'] {
  if (type instanceof z.ZodBoolean) return 'switch';
  if (type instanceof z.ZodEnum) return 'choice';
  if (type instanceof z.ZodNumber) return type.isInt ? 'integer' : 'number';
  return 'text';
}

function rangeOf(type: z.ZodType): Pick<OptionField, 'minimum' | 'maximum'> {
  if (!(type instanceof z.ZodNumber)) return { minimum: null, maximum: null };
  const { minValue, maxValue } = type;
  return { minimum: finite(minValue), maximum: finite(maxValue) };
}

/** A bound that somebody set, rather than the largest number there is. */
function finite(bound: number | null): number | null {
  return bound === null || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? null : bound;
}

function plain(value: unknown): string | null {
  return value === null || typeof value === 'function' ? null : String(value);
}
