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
    .description('recompute a saved result and compare; exit code 1 if it differs')
    .option('--model <file|name>', 'current location of the model (default: as saved)')
    .option('--clip <path>', 'current location of the clip (default: as saved)')
    .option('--data <set>', 'current location of the data set, for a result of a sample: ucf101-24:PATH')
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
    progress ??= explainProgress(at.iterations, output); // their number is in the result file
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
  return ` by at most ${difference.maximum.toPrecision(2)}, on average ${difference.mean.toPrecision(2)}`;
}
