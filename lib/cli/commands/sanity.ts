import type { Command } from 'commander';
import { defined } from '../../options/defined';
import type { SanityOptions } from '../../sanity/options';
import type { Sanity } from '../../sanity/sanity';
import { duration } from '../duration';
import { flagOf } from '../flagOf';
import { addFolderOptions } from '../inputClip';
import { interruptSignal } from '../interrupt';
import { addModelOptions, loadOptions, type ModelFlags } from '../modelOptions';
import { isAnimated, type OutputOptions, printResult, say, table } from '../output';
import { integer, names, number, numbers } from '../values';

interface SanityFlags extends ModelFlags, OutputOptions, Omit<SanityOptions, 'methods'> {
  model: string;
  method?: SanityOptions['methods'];
  out: string;
  framesPattern?: string;
}

export function addSanity(program: Command): void {
  const command = program
    .command('sanity <clips...>')
    .description(
      'ask whether explanations explain the model: randomised parameters, frames, seeds, identities',
    )
    .option('--model <file|name>', 'a TorchScript file, or a shipped model', 'r2plus1d-mini')
    .option('--method <list>', 'methods to check (default: one of each family, and the controls)', names)
    .option(
      '--shares <list>',
      'of the parameters to randomise, from the output down (default: 0.25,0.5,1)',
      numbers,
    )
    .addOption(flagOf('iterations', { help: 'updates of each mask (default: 300)' }))
    .addOption(flagOf('area', { help: 'share of the clip to keep (default: 0.1)', read: number }))
    .addOption(flagOf('step'))
    .addOption(flagOf('sigma'))
    .addOption(flagOf('samples'))
    .option('--seed <n>', 'of all random numbers (default: 0)', integer)
    .option('--out <dir>', 'where the tables go', 'fep-sanity')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress');
  addModelOptions(addFolderOptions(command)).addHelpText('after', EXAMPLES).action(runSanity);
}

const EXAMPLES = `
Examples:
  fep-native sanity clip.mp4
  fep-native sanity clips/*.mp4 --model my-model.pt --method f-ep,grad-cam,center --iterations 500`;

async function runSanity(clips: string[], flags: SanityFlags): Promise<void> {
  const { checkSanity } = await import('../../sanity/sanity.js');
  const { writeSanity, verdictTable } = await import('../../sanity/writeSanity.js');
  const signal = interruptSignal();
  const sanity = await checkSanity(flags.model, clips, {
    ...sanityOptions(flags),
    ...defined({ framesPattern: flags.framesPattern }),
    load: loadOptions(flags),
    signal,
    onProgress: showRuns(flags),
  });
  for (const warning of sanity.warnings) say(`warning: ${warning}`, flags);
  const files = await writeSanity(flags.out, sanity);
  const describe = ({ files: [report] }: Sanity & { files: string[] }) =>
    [table(verdictTable(sanity)), `  look at  ${report}`].join('\n');
  printResult({ ...sanity, files }, describe, flags);
}

function sanityOptions({ method, shares, iterations, area, step, sigma, samples, seed }: SanityFlags) {
  const options = { methods: method, shares, iterations, area, step, sigma, samples, seed };
  return defined(options) as SanityOptions;
}

/** Prints a line per tenth of the explanations; on a terminal, updates a single line. */
function showRuns(flags: OutputOptions) {
  const start = performance.now();
  let shown = -1;
  return ({ done, of, method }: { done: number; of: number; method: string }) => {
    if (isAnimated() && !flags.quiet) {
      const now = `explanation ${done + 1}/${of}  ${method}  ETA ${timeLeft(start, done, of)}`;
      process.stderr.write(`\r\x1b[2K${done < of ? now : ''}`);
      return;
    }
    const tenth = Math.floor((10 * done) / of);
    if (tenth === shown) return;
    shown = tenth;
    say(`explanation ${done}/${of}  ETA ${timeLeft(start, done, of)}`, flags);
  };
}

function timeLeft(start: number, done: number, of: number): string {
  return duration(done === 0 ? null : ((performance.now() - start) / 1000 / done) * (of - done));
}
