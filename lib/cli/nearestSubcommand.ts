import type { Command } from 'commander';
import { suggestion } from '../options/suggest';

/**
 * Suggests the nearest subcommand for e.g. `models inspct` and `bench merg`. Commander itself takes the word for an
 * excess argument of the default subcommand, or of the command itself.
 */
export function suggestSubcommands(command: Command): void {
  const names = command.commands.map((child) => child.name());
  if (names.length === 0) return;
  command.hook('preSubcommand', (_, subcommand) => {
    if (command.args[0] !== subcommand.name()) refuseWord(command, names); // the default subcommand
  });
  command.allowExcessArguments().hook('preAction', (_, action) => {
    if (action === command) refuseWord(command, names);
  });
}

function refuseWord(command: Command, names: readonly string[]): void {
  const [word] = command.args;
  if (word === undefined || word.startsWith('-')) return;
  const near = suggestion(word, names) || `It has: ${names.join(', ')}.`;
  command.error(`error: unknown command '${word}' of ${command.name()}\n(${near})`, {
    code: 'commander.unknownCommand',
    exitCode: 2,
  });
}
