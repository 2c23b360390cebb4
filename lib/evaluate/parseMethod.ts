import { FepError } from '../errors/fepError';
import { readValue } from '../methods/readValue';
import { optionOfFlag } from '../options/flagName';
import { suggestion } from '../options/suggest';
import { EVALUATED_METHODS } from './methodNames';

/**
 * Reads `ep@step=13:sigma=23` or `rise@cells=4x7x7`: a method and, behind an @, options by the names that they have
 * on the command line, separated by colons.
 *
 * @throws FepError `FEP_USAGE` for an unknown method or an option without a value; the rest is up to the caller
 */
export function parseMethod(text: string): { method: string; options: Record<string, unknown> } {
  const at = text.indexOf('@');
  const method = at < 0 ? text : text.slice(0, at);
  if (!EVALUATED_METHODS.some((name) => name === method)) {
    throw new FepError('FEP_USAGE', `There is no method ${method}.`, {
      hint: `${suggestion(method, EVALUATED_METHODS)} Choose from: ${EVALUATED_METHODS.join(', ')}.`.trimStart(),
    });
  }
  if (at < 0) return { method, options: {} };
  const options = text
    .slice(at + 1)
    .split(':')
    .map((option): [string, unknown] => {
      const [name, value] = option.split(/=(.*)/s);
      if (name && value) {
        const own = optionOfFlag(name);
        return [own, readValue(own, value)];
      }
      throw new FepError('FEP_USAGE', `${text}: ${option || 'nothing'} is not an option with a value.`, {
        hint: 'Write a method with options as ep@step=13:sigma=23.',
      });
    });
  return { method, options: Object.fromEntries(options) };
}
