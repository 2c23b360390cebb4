import { z } from 'zod';
import { anyOptionsSchema } from './options';

const shape: Readonly<Record<string, z.ZodOptional>> = anyOptionsSchema.shape;

/**
 * Reads the value of an option from text, as the option's type wants it: `0.5`, `4x7x7`, `true`, or the text itself. The
 * schema then says whether it is in range.
 */
export function readValue(name: string, text: string): unknown {
  const type = shape[name]?.unwrap();
  if (type instanceof z.ZodBoolean) return text === 'true' || (text === 'false' ? false : text);
  if (type instanceof z.ZodTuple) return text.split('x').map(Number);
  if (type instanceof z.ZodNumber && Number.isFinite(Number(text))) return Number(text);
  return text;
}
