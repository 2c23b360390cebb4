import { z } from 'zod';
import type { Options } from './option';
import { sharedOptions } from './shared';

/** A method of explanation: what it is called, and the options that are its own. */
export interface MethodDescription<Name extends string, Own extends Options> {
  name: Name;
  /** As people write it. */
  label: string;
  /** One line for the tables of the documentation. */
  summary: string;
  own: Own;
  /** What `explain` may be told of it. */
  schema: z.ZodObject<{ method: z.ZodLiteral<Name> } & typeof sharedOptions & Own, z.core.$strict>;
}

/** Describes a method; its schema follows from its own options and those that all methods have. */
export function describeMethod<const Name extends string, const Own extends Options>(
  name: Name,
  label: string,
  summary: string,
  own: Own,
): MethodDescription<Name, Own> {
  const shape = { method: z.literal(name), ...sharedOptions, ...own };
  return { name, label, summary, own, schema: z.strictObject(shape) };
}
