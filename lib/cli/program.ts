import { Command, CommanderError } from 'commander';
import { FepError } from '../errors/fepError';
import { packageVersion } from '../package/version';
import { addAblate } from './commands/ablate';
import { addBench } from './commands/bench';
import { addCompare } from './commands/compare';
import { addCompletion } from './commands/completion';
import { addDataset } from './commands/dataset';
import { addDoctor } from './commands/doctor';
import { addExplain } from './commands/explain';
import { addFigures } from './commands/figures';
import { addImport } from './commands/import';
import { addLibtorch } from './commands/libtorch';
import { addModels } from './commands/models';
import { addReproduce } from './commands/reproduce';
import { addSanity } from './commands/sanity';
import { addStudio } from './commands/studio';
import { addWorker } from './commands/worker';
import { examples } from './examples';
import { exitCodeOf } from './exitCodes';
import { suggestSubcommands } from './nearestSubcommand';
import { printError, printErrorObject } from './output';

/** All commands with their options, as one program that has not run yet. */
export function createProgram(): Command {
  const program = new Command('fep-native')
    .description('Shows why a video model decided what it decided.')
    .version(packageVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for all options)')
    .configureHelp({ showGlobalOptions: true });
  const commands = [
    addExplain,
    addStudio,
    addCompare,
    addFigures,
    addBench,
    addWorker,
    addAblate,
    addSanity,
    addReproduce,
    addImport,
    addModels,
    addDataset,
    addLibtorch,
    addDoctor,
    addCompletion,
  ];
  for (const add of commands) add(program);
  program.commands.forEach(suggestSubcommands);
  program.addHelpText('after', START);
  throwInsteadOfExit(program);
  return program;
}

const START = examples('explain clip.mp4', 'compare clip.mp4 --iterations 300', 'doctor');

/** Commander would exit by itself, with 1 for wrong usage. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwInsteadOfExit(child);
}

/** Runs a command line; what it says goes to stdout and stderr, and how it ends into `process.exitCode`. */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode ??= exitCodeOf(error);
    const json = args.includes('--json');
    if (!(error instanceof CommanderError)) printError(error, { json });
    else if (json && error.exitCode !== 0) printErrorObject(usageError(error)); // commander has said it on stderr
  }
}

function usageError({ message }: CommanderError): FepError {
  return new FepError('FEP_USAGE', message.replace(/^error: /, ''), { hint: 'Add --help for all options.' });
}
