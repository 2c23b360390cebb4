import { InvalidArgumentError, Option } from 'commander';
import { suggestion } from '../options/suggest';

/** An option whose value is one of some names; suggests the nearest name for a misspelt one. */
export function choice(flags: string, description: string, names: readonly string[]): Option {
  return new Option(flags, description).choices(names).argParser((value: string) => chosen(value, names));
}

/** An option whose value is one or more of some names, separated by commas. */
export function choices(flags: string, description: string, names: readonly string[]): Option {
  return new Option(flags, description)
    .choices(names)
    .argParser((value: string) => value.split(',').map((name) => chosen(name.trim(), names)));
}

function chosen(value: string, names: readonly string[]): string {
  if (names.includes(value)) return value;
  const near = suggestion(value, names);
  throw new InvalidArgumentError(`${near}${near && ' '}Allowed choices are ${names.join(', ')}.`);
}
