import type { Command } from 'commander';
import type { ExplainProgress } from '../../explain/types';
import { defined } from '../../options/defined';
import type { Reproduction } from '../../reproduce/reproduce';
import { announce } from '../during';
import { examples } from '../examples';
import { EXIT } from '../exitCodes';
import { interruptSignal } from '../interrupt';
import { type OutputOptions, percent, printResult } from '../output';
import { explainProgress, type ProgressView } from '../progress';

interface ReproduceFlags extends OutputOptions {
  model?: string;
  clip?: string;
  data?: string;
}

export function addReproduce(program: Command): void {
  program
    .command('reproduce <result.json>')
    .description('compute a saved result once more and compare; exit code 1 if it comes out differently')
    .option('--model <file|name>', 'where the model is now (default: where it was)')
    .option('--clip <path>', 'where the clip is now (default: where it was)')
    .option('--data <set>', 'where the data set is now, of a result of one of its samples: ucf101-24:PATH')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress and no remarks')
    .addHelpText(
      'after',
      examples(
        'reproduce results/result.json',
        'reproduce result.json --model model.pt --clip clip.mp4',
        'reproduce result.json --data ucf101-24:/data/ucf',
      ),
    )
    .action(run);
}

async function run(path: string, { model, clip, data, ...output }: ReproduceFlags): Promise<void> {
  const { reproduce } = await import('../../reproduce/reproduce.js');
  const loaded = announce('loading the model and the clip', output);
  let progress: ProgressView | undefined;
  const onProgress = (at: ExplainProgress) => {
    loaded();
    progress ??= explainProgress(at.iterations, output); // how many there are is in the result's file
    progress.update(at);
  };
  const options = { ...defined({ model, clip, data }), onProgress, signal: interruptSignal() };
  const found = await reproduce(path, options).finally(() => {
    loaded();
    progress?.stop();
  });
  printResult(found, describe, output);
  if (!found.identical) process.exitCode = EXIT.failed;
}

function describe({ identical, difference, explained, changed }: Reproduction): string {
  return [
    identical ? 'The mask is the same to the last bit.' : `The mask differs${amount(difference)}.`,
    `On what it keeps: ${percent(explained.now)}, then ${percent(explained.before)}.`,
    ...changed.map(({ what, before, now }) => `  ${what} was ${before}, is ${now}`),
  ].join('\n');
}

function amount(difference: Reproduction['difference']): string {
  if (difference === null) return '';
  return ` by ${difference.maximum.toPrecision(2)} at most, ${difference.mean.toPrecision(2)} in the mean`;
}
