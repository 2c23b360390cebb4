import { z } from 'zod';
import { FepError } from '../errors/fepError';

/**
 * Validates options against a schema and fills in its defaults.
 *
 * @param of owner of the options, as in "The options of the bench are not valid"; omitted for `explain`
 * @param hint what to do about invalid options
 * @throws FepError `FEP_USAGE` naming every invalid option
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

/** A hint that points to the help of a command. */
export function seeHelp(command: string): string {
  return `See \`npx fep-native ${command} --help\` for every option and its range.`;
}
