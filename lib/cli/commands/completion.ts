import { Argument, type Command } from 'commander';
import { DATASET_SPECS } from '../../datasets/kinds';
import { EVALUATED_METHODS } from '../../evaluate/methodNames';
import { complete } from '../complete';
import { examples } from '../examples';

const ASK = 'fep-native complete --';

/** Each script asks `fep-native complete` for completions, and falls back to the shell's files if there are none. */
const SCRIPTS = {
  bash: `_fep_native() {
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(${ASK} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _fep_native fep-native`,
  zsh: `#compdef fep-native
_fep_native() {
  local -a found
  found=("\${(@f)$(${ASK} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then compadd -a found; else _files; fi
}
compdef _fep_native fep-native`,
  fish: `function __fep_native
  ${ASK} (commandline -opc)[2..] (commandline -ct) 2>/dev/null
end
complete -c fep-native -a '(__fep_native)'`,
} as const;

const HELP = `
Install it where the shell reads it:
  bash   fep-native completion bash >> ~/.bashrc
  zsh    fep-native completion zsh >> ~/.zshrc
  fish   fep-native completion fish > ~/.config/fish/completions/fep-native.fish`;

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a shell script that completes commands, options and names')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', HELP)
    .addHelpText('after', examples('completion bash'))
    .action((shell: keyof typeof SCRIPTS) => void process.stdout.write(`${SCRIPTS[shell]}\n`));
  program
    .command('complete [words...]', { hidden: true })
    .description('print completions of the last word; used by the completion scripts')
    .action((words: string[]) => answer(program, words));
}

async function answer(program: Command, words: string[]): Promise<void> {
  const { shippedModels } = await import('../../model/shipped.js');
  const found = complete(program, words, {
    '--model': () => shippedModels().map(({ name }) => name),
    '--method': () => EVALUATED_METHODS,
    '--data': () => DATASET_SPECS.map(({ spec }) => spec.replace('PATH', '')),
    '--keep-clips': () => ['all', 'none'],
    '--device': () => ['auto', 'cpu', 'cuda'],
  });
  if (found.length > 0) process.stdout.write(`${found.join('\n')}\n`);
}
