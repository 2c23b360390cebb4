import { z } from 'zod';
import { anyOptionsSchema } from '../methods/options';
import { DEFAULT_METHODS, EVALUATED_METHODS } from './methodNames';
import { parseMethod } from './parseMethod';

/** What one method may be told by itself; the rest is the same for all of them. */
const methodOptionsSchema = anyOptionsSchema.omit({
  method: true,
  target: true,
  area: true,
  keep: true,
  seed: true,
});

const entrySchema = z.strictObject({
  method: z.enum(EVALUATED_METHODS),
  /** Name of the method's row; default made from the method and its options. */
  label: z.string().min(1).max(80).optional(),
  options: methodOptionsSchema.default({}),
});

/** A method, and options that are its own. */
export type MethodInput = z.input<typeof entrySchema>;
/** The same, checked. */
export type MethodEntry = z.output<typeof entrySchema>;

/** A method as it is written on the command line. */
const writtenEntrySchema = z
  .string()
  .transform((text) => parseMethod(text) as MethodInput)
  .pipe(entrySchema);

/** Rows, as names, as `name@option=value:option=value`, or as objects. */
export const methodsSchema = z
  .array(z.union([writtenEntrySchema, entrySchema]))
  .min(1)
  .default(() => DEFAULT_METHODS.map((method) => ({ method, options: {} })));
