import type { Command } from 'commander';
import { METHODS } from '../methods/methods';
import {
  type AnyOptions,
  DEFAULT_METHOD,
  OPTION_NAMES,
  type OptionName,
  optionsNamed,
} from '../methods/options';
import { choice } from './choices';
import { flagOf } from './flagOf';

/** Values of the options that `addMethodOptions` adds. */
export interface MethodFlags extends Omit<AnyOptions, 'area'> {
  area?: number[];
}

/** Adds flags for options of the methods, as the methods describe them. */
export function addOptions(command: Command, names: readonly OptionName[]): Command {
  for (const name of names) command.addOption(flagOf(name));
  return command;
}

/** How to explain: the method and everything that methods can be told. */
export function addMethodOptions(command: Command): Command {
  command.addOption(choice('--method <name>', 'how to explain', METHODS).default(DEFAULT_METHOD));
  let heading: string | undefined;
  for (const name of OPTION_NAMES) {
    const group = groupOf(name);
    if (group !== heading && group !== undefined) command.optionsGroup(group);
    heading = group;
    command.addOption(flagOf(name));
  }
  return command.optionsGroup('How the model runs:'); // whose options every command adds next
}

/** Under which heading `--help` lists an option; undefined for those of all methods. */
function groupOf(name: OptionName): string | undefined {
  const owners = optionsNamed(name).flatMap((option) => option.owners ?? []);
  return owners.length === 0 ? undefined : `For ${owners.join(', ')}:`;
}

/** The flags as `explain` takes them. */
export function methodOptions(flags: MethodFlags): AnyOptions {
  return pickOptions(flags, ['method', ...OPTION_NAMES]);
}

/** The flags of these names that were given. */
export function pickOptions<Name extends keyof AnyOptions>(
  flags: { [Option in Name]?: AnyOptions[Option] },
  names: readonly Name[],
): Pick<AnyOptions, Name> {
  const given = names.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]);
  return Object.fromEntries(given);
}
