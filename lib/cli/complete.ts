import type { Command, Option } from 'commander';

/** Option values that depend on the machine, by the option's long name. */
export type KnownValues = Record<string, () => readonly string[]>;

/**
 * Completions of the last of the words after the program's name: commands, options, or an option's values. Empty where
 * a file is expected, which the shell completes.
 */
export function complete(program: Command, words: readonly string[], known: KnownValues = {}): string[] {
  const current = words.at(-1) ?? '';
  const command = commandOf(program, words.slice(0, -1));
  const before = optionNamed(command, words.at(-2));
  if (before && (before.required || before.optional)) return valuesOf(before, current, known);
  const names = current.startsWith('-') ? optionsOf(command) : commandsOf(command);
  return names.filter((name) => name.startsWith(current));
}

/** The innermost command named by the words. */
function commandOf(program: Command, words: readonly string[]): Command {
  return words.reduce(
    (command, word) => command.commands.find((child) => child.name() === word) ?? command,
    program,
  );
}

function optionNamed(command: Command, word: string | undefined): Option | undefined {
  return command.options.find(({ long, short }) => word !== undefined && (long === word || short === word));
}

/** An option's values; after a comma, the next value of the list. */
function valuesOf({ long, argChoices, flags }: Option, current: string, known: KnownValues): string[] {
  const values = argChoices ?? known[long ?? '']?.() ?? [];
  const done = flags.includes('<list>') ? current.slice(0, current.lastIndexOf(',') + 1) : '';
  return values.map((value) => `${done}${value}`).filter((value) => value.startsWith(current));
}

function optionsOf(command: Command): string[] {
  return [...command.options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : [])), '--help'];
}

function commandsOf(command: Command): string[] {
  const hasHelp = command.commands.length > 0;
  const names = command
    .createHelp()
    .visibleCommands(command)
    .map((child) => child.name());
  return hasHelp ? names : [];
}
