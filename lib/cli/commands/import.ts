import type { Command } from 'commander';
import { FepError, messageOf } from '../../errors/fepError';
import type { ImportModelOptions } from '../../import/importModel';
import { readClassNames } from '../../manifest/classNames';
import { ACTIVATIONS, type Manifest } from '../../manifest/manifest';
import { defined } from '../../options/defined';
import { choice } from '../choices';
import { announceSteps, during } from '../during';
import { examples } from '../examples';
import { interruptSignal } from '../interrupt';
import { describeModelCheck, type ModelCheckReport, reportModelCheck } from '../modelCheckReport';
import {
  addImportOptions,
  addInputOptions,
  averageOption,
  importChoices,
  inputFlags,
  type ModelFlags,
  outputOption,
  tokensOption,
} from '../modelOptions';
import { type OutputOptions, printResult, say } from '../output';
import { integer } from '../values';

interface ImportFlags extends ModelFlags, OutputOptions {
  out: string;
  name?: string;
  randomInit?: boolean;
  seed: number;
  release?: string;
  head?: 'verb' | 'noun';
  classCount?: number;
}

export function addImport(program: Command): void {
  const command = program
    .command('import <source>')
    .description("make a model file of another library's model, and check it against that library")
    .requiredOption('--out <file>', 'the model file to write')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress and no remarks');
  addImportOptions(command)
    .option('--random-init', 'random weights, to try without any')
    .option('--seed <n>', 'the seed of --random-init', integer, 0)
    .option('--release <name>', 'of release:NAME, instead of telling it by the tensor names')
    .addOption(choice('--head <name>', 'of an EPIC-Kitchens checkpoint', ['verb', 'noun']))
    .optionsGroup('What the source does not say, or says otherwise:')
    .option('--name <text>', "the model's name (default: the source's)")
    .option('--class-count <n>', 'number of classes of an own function, or of random weights', integer)
    .option('--classes <file>', 'class names, in a text or JSON file')
    .addOption(choice('--activation <kind>', 'what the model returns (default: found out)', ACTIVATIONS))
    .addOption(outputOption())
    .addOption(averageOption())
    .addOption(tokensOption());
  addInputOptions(command)
    .addHelpText('after', EXAMPLES)
    .action((source: string, flags: ImportFlags) => runImport(source, flags));
}

const EXAMPLES = `${examples(
  'import',
  'import ./videomae-base-finetuned-kinetics --out videomae.pt',
  'import torchvision:r2plus1d_18 --weights r2plus1d_18-91a641e6.pth --out r2plus1d_18.pt',
  'import my_network.py:build --weights w.pth --frames 16 --size 112 --out mine.pt',
)}

\`fep-native models list --importable\` lists the sources.`;

async function runImport(source: string, flags: ImportFlags): Promise<void> {
  const { isSource, SOURCE_KINDS } = await import('../../import/source.js');
  if (!isSource(source)) {
    throw new FepError('FEP_USAGE', `${source} is no source that can be imported.`, {
      hint: source.endsWith('.py')
        ? `Name the function or class that makes the network: ${source}:FUNCTION.`
        : `Give ${SOURCE_KINDS.map(({ form }) => form).join(', ')}.`,
    });
  }
  const signal = interruptSignal();
  const { importModel } = await import('../../import/importModel.js');
  const steps = announceSteps(flags);
  const manifest = await importModel(source, flags.out, {
    ...importOptions(flags),
    signal,
    onStep: steps.next,
  }).finally(steps.end);
  const check = await checkImported(flags, signal);
  printResult(
    { out: flags.out, manifest, check },
    () => [describe(flags.out, manifest), ...(check ? ['', ...describeModelCheck(check)] : [])].join('\n'),
    flags,
  );
}

function importOptions(flags: ImportFlags): ImportModelOptions {
  const { release, head, classCount, name, activation } = flags;
  return defined({
    ...importChoices(flags),
    release,
    head,
    classCount,
    name,
    activation,
    tokens: flags.tokens,
    randomInit: flags.randomInit ? flags.seed : undefined,
    classes: flags.classes === undefined ? undefined : readClassNames(flags.classes),
    input: inputFlags(flags),
  });
}

/** How the model can be explained; null after a remark where libtorch or the addon is missing. */
async function checkImported(flags: ImportFlags, signal: AbortSignal): Promise<ModelCheckReport | null> {
  const { loadModel } = await import('../../model/loadModel.js');
  try {
    const model = await during('loading it', flags, () => loadModel(flags.out, { signal }));
    try {
      return await during('checking it', flags, () => reportModelCheck(model, signal));
    } finally {
      model.dispose();
    }
  } catch (error) {
    signal.throwIfAborted();
    say(`warning: it is written, and could not be checked here: ${messageOf(error)}`, flags);
    return null;
  }
}

function describe(out: string, { architecture, input, origin, reference }: Manifest): string {
  const { check, seed, source, weights } = origin!;
  return [
    `${out}: ${architecture}, ${input.layout}, ${input.frames} frames of ${input.height}x${input.width}, ` +
      `${reference!.logits.length} classes${seed === undefined ? '' : ', random weights'}`,
    `  beside the library's own network, of the largest: logits ${tiny(check.logits)}, gradient ${tiny(check.gradient)}`,
    `  two clips at once: ${check.batch}; bfloat16: ${check.bfloat16}`,
    ...(weights.length === 0 && seed === undefined && /\.py:/.test(source)
      ? ['  weights: as the function left them; add --weights FILE if that is not meant']
      : []),
  ].join('\n');
}

function tiny(share: number): string {
  return share === 0 ? 'equal' : `off by ${share.toExponential(1)}`;
}
