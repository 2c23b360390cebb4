import { z } from 'zod';
import { anyOptionsSchema } from './options';

/** Types of the options by name; a map, since names come from outside. */
const types = new Map<string, z.ZodOptional>(Object.entries(anyOptionsSchema.shape));

/**
 * Reads the value of an option from text, as the option's type wants it: `0.5`, `4x7x7`, `true`, or the text itself. The
 * schema then says whether it is in range.
 */
export function readValue(name: string, text: string): unknown {
  const type = types.get(name)?.unwrap();
  if (type instanceof z.ZodBoolean) return text === 'true' || (text === 'false' ? false : text);
  if (type instanceof z.ZodTuple) return text.split('x').map(Number);
  if (type instanceof z.ZodNumber && Number.isFinite(Number(text))) return Number(text);
  return text;
}
