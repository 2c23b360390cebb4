import { z } from 'zod';
import { Refusal } from './problem';

/** @throws Refusal 400 naming everything that is wrong */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new Refusal(
    400,
    `The request is not valid:\n${z.prettifyError(read.error)}`,
    'Correct what is named and send it again.',
  );
}
