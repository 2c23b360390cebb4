import { z } from 'zod';
import { FepError } from '../errors/fepError';

/**
 * Checks options against a schema and fills in its defaults.
 *
 * @param of whose options they are, as in "The options of the bench are not valid"; left out for `explain`'s
 * @param hint what to do about wrong ones
 * @throws FepError `FEP_USAGE` naming every option that is wrong
 */
export function parseOptions<Schema extends z.ZodType>(
  schema: Schema,
  options: unknown,
  { of, hint }: { of?: string; hint: string },
): z.output<Schema> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const subject = of === undefined ? 'The options' : `The options of ${of}`;
  throw new FepError('FEP_USAGE', `${subject} are not valid:\n${z.prettifyError(result.error)}`, { hint });
}

/** Where a command lists its options. */
export function seeHelp(command: string): string {
  return `See \`npx fep-native ${command} --help\` for every option and its range.`;
}
