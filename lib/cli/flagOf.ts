import { InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { factsOf } from '../methods/option';
import { type OptionName, optionsNamed } from '../methods/options';
import { flagName } from '../options/flagName';
import { choice } from './choices';
import { integer, number, numbers } from './values';

/** What a command says otherwise of an option than the methods do. */
interface Changes {
  /** Help line, with its default. */
  help?: string;
  /** Takes one number where `explain` takes several too. */
  single?: boolean;
}

/** The flag of an option, its type, help and default as the methods describe them. */
export function flagOf(name: OptionName, { help = helpOf(name), single = false }: Changes = {}): Option {
  const { schema } = optionsNamed(name)[0]!;
  const type = schema.unwrap() as z.ZodType;
  const flag = `--${flagName(name)}`;
  if (type instanceof z.ZodBoolean) return new Option(flag, help);
  const withValue = `${flag} <${factsOf(schema).value}>`;
  if (type instanceof z.ZodEnum) return choice(withValue, help, type.options as string[]);
  const option = new Option(withValue, help);
  const read = single ? number : readerOf(type);
  return read ? option.argParser(read) : option;
}

/** Help and default of an option, of each kind that methods of several families have. */
function helpOf(name: OptionName): string {
  return optionsNamed(name)
    .map(({ schema }) => {
      const { help, default: value, defaultText = plain(value) } = factsOf(schema);
      return defaultText === undefined ? help : `${help} (default: ${defaultText})`;
    })
    .join('; ');
}

function plain(value: unknown): string | undefined {
  if (typeof value === 'boolean' || typeof value === 'function' || value === null) return undefined;
  return String(value);
}

/** Reads a value of a type; undefined where the text itself is the value. */
function readerOf(type: z.ZodType): ((text: string) => unknown) | undefined {
  if (type instanceof z.ZodTuple) return (text) => numbersOf(text, type.def.items.length);
  if (type instanceof z.ZodNumber) return type.isInt ? integer : number;
  if (!(type instanceof z.ZodUnion)) return undefined;
  return type.options.some((option) => option instanceof z.ZodArray) ? numbers : undefined;
}

/** Whole numbers parted by commas: `4,7,7`. */
function numbersOf(text: string, count: number): number[] {
  const values = text.split(',').map(integer);
  if (values.length === count) return values;
  throw new InvalidArgumentError(`It must be ${count} numbers separated by commas.`);
}
