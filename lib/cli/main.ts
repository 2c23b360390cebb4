#!/usr/bin/env node
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
import { addLibtorch } from './commands/libtorch';
import { addModels } from './commands/models';
import { addReproduce } from './commands/reproduce';
import { addSanity } from './commands/sanity';
import { addWorker } from './commands/worker';
import { examples } from './examples';
import { exitCodeOf } from './exitCodes';
import { suggestSubcommands } from './nearestSubcommand';
import { printError, printErrorObject } from './output';

function buildProgram(): Command {
  const program = new Command('fep-native')
    .description('Shows why a video model decided what it decided.')
    .version(packageVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for all options)')
    .configureHelp({ showGlobalOptions: true });
  const commands = [
    addExplain,
    addCompare,
    addFigures,
    addBench,
    addWorker,
    addAblate,
    addSanity,
    addReproduce,
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

/** Commander itself would exit, with code 1 for wrong usage. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwInsteadOfExit(child);
}

async function main(): Promise<void> {
  try {
    await buildProgram().parseAsync();
  } catch (error) {
    process.exitCode ??= exitCodeOf(error);
    const json = process.argv.includes('--json');
    if (!(error instanceof CommanderError)) printError(error, { json });
    else if (json && error.exitCode !== 0) printErrorObject(usageError(error)); // commander has printed it to stderr
  }
}

function usageError({ message }: CommanderError): FepError {
  return new FepError('FEP_USAGE', message.replace(/^error: /, ''), { hint: 'Add --help for all options.' });
}

void main();
