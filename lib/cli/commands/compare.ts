import type { Command } from 'commander';
import { describeViews } from '../../clip/views';
import type { CompareCallOptions, Comparison } from '../../compare/compare';
import type { SavedComparison } from '../../compare/saveComparison';
import { PERTURBATIONS } from '../../methods/perturbation';
import { defined } from '../../options/defined';
import { choice } from '../choices';
import { compareProgress } from '../compareProgress';
import { during } from '../during';
import { flagOf } from '../flagOf';
import {
  addFolderOptions,
  addRangeOptions,
  addSampleOptions,
  addViewsOptions,
  checkViewsFlags,
  type InputClipFlags,
  readInputClip,
  type ViewsFlags,
} from '../inputClip';
import { interruptSignal } from '../interrupt';
import { findModelFile, loadAnnounced } from '../modelFile';
import { addModelOptions, type ModelFlags } from '../modelOptions';
import { type OutputOptions, percent, printResult, say, table } from '../output';
import { integer, numbers, rows } from '../values';

interface CompareFlags extends ModelFlags, OutputOptions, InputClipFlags, ViewsFlags {
  model: string;
  method?: CompareCallOptions['methods'];
  target?: string;
  preset?: CompareCallOptions['preset'];
  area?: number[];
  iterations?: number;
  step?: number;
  sigma?: number;
  areaOver?: CompareCallOptions['areaOver'];
  cudaGraph?: boolean;
  curveSteps?: number;
  removal?: CompareCallOptions['removal'];
  seed?: number;
  out: string;
}

export function addCompare(program: Command): void {
  const command = program
    .command('compare [clip]')
    .description('explain one clip by every method, side by side, each scored')
    .option('--model <file|name>', 'a TorchScript file, or a shipped model', 'r2plus1d-mini')
    .option(
      '--method <list>',
      'rows, each NAME or NAME@option=value:option=value (default: as in the paper)',
      rows,
    )
    .addOption(flagOf('target'))
    .addOption(flagOf('preset'))
    .addOption(
      flagOf('area', {
        help: 'share of the clip to keep, or several: 0.05,0.1 (default: 0.1)',
        read: numbers,
      }),
    )
    .addOption(flagOf('iterations'))
    .addOption(flagOf('step'))
    .addOption(flagOf('sigma'))
    .addOption(flagOf('areaOver'))
    .addOption(flagOf('cudaGraph'))
    .option('--curve-steps <n>', 'of deletion and insertion, 0 for none (default: 32)', integer)
    .addOption(choice('--removal <kind>', 'what replaces deleted voxels (default: blur)', PERTURBATIONS))
    .option('--seed <n>', 'of random masks and ties (default: 0)', integer)
    .option('--out <dir>', 'where the results go', 'fep-comparison')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress');
  addModelOptions(addSampleOptions(addRangeOptions(addFolderOptions(addViewsOptions(command)))))
    .addHelpText('after', EXAMPLES)
    .action((clip: string | undefined, flags: CompareFlags) => runCompare(clip, flags));
}

const EXAMPLES = `
Examples:
  fep-native compare clip.mp4
  fep-native compare clip.mp4 --method f-ep,ep@step=13:sigma=23,grad-cam --iterations 300
  fep-native compare --data synthetic --sample synthetic-2-4 --out comparison`;

async function runCompare(path: string | undefined, flags: CompareFlags): Promise<void> {
  // Loaded lazily, so that --help does not load decoders and libtorch.
  const { compare } = await import('../../compare/compare.js');
  const { checkCompareOptions, planComparison } = await import('../../compare/options.js');
  const { saveComparison } = await import('../../compare/saveComparison.js');
  const { averageViews } = await import('../../model/averageViews.js');

  const signal = interruptSignal();
  const options = compareOptions(flags);
  // The command is validated before anything slow starts.
  checkViewsFlags(flags);
  const { path: file, manifest } = await findModelFile(flags.model, flags, signal);
  planComparison(checkCompareOptions(options), manifest, false);
  const read = () => readInputClip(path, flags, manifest.input, signal);
  const subject = await during('reading the clip', flags, read);
  for (const warning of subject.clip.warnings) say(`warning: ${warning}`, flags);

  const model = await loadAnnounced(file, flags, signal);
  for (const warning of model.warnings) say(`warning: ${warning}`, flags);
  const compared = averageViews(model, subject.clip, { average: flags.viewsAverage });
  const progress = compareProgress(flags);
  try {
    const comparison = await compare(compared, subject, { ...options, signal, onProgress: progress.update });
    progress.stop();
    const save = () => saveComparison(flags.out, compared, subject, comparison);
    const files = await during('writing the results', flags, save);
    signal.throwIfAborted();
    printResult(summary(comparison, files), () => describe(comparison, files), flags);
  } finally {
    progress.stop();
    model.dispose();
  }
}

/** The flags under the API's names; `compare` validates the values. */
function compareOptions(flags: CompareFlags): CompareCallOptions {
  const { method, target, preset, iterations, step, sigma, areaOver, cudaGraph, curveSteps, removal, seed } =
    flags;
  const [only, ...more] = flags.area ?? [];
  const area = more.length > 0 ? flags.area : only;
  const masks = { preset, area, iterations, step, sigma, areaOver, cudaGraph };
  return defined({ methods: method, target, ...masks, curveSteps, removal, seed });
}

/** The output of `--json`: the numbers without the arrays, and the paths of the files. */
function summary({ target, predicted, label, views, methods }: Comparison, files: SavedComparison) {
  return {
    target,
    predicted,
    label,
    ...(views && { views }),
    methods: methods.map(({ label: name, control, explanation, scores, seconds }, i) => {
      const { probability, predicted: after, realisedArea } = explanation;
      return {
        label: name,
        control,
        probability,
        predicted: after,
        realisedArea,
        seconds,
        scores: { ...scores, deletionCurve: undefined, insertionCurve: undefined },
        mask: files.masks[i]!,
      };
    }),
    files: { page: files.page, sheet: files.sheet, result: files.result },
  };
}

const COLUMNS = [
  ['STC@10', 'stcRecallArea10'],
  ['DELETION', 'deletion'],
  ['INSERTION', 'insertion'],
] as const;

function describe({ target, views, methods }: Comparison, { page, sheet, result }: SavedComparison): string {
  const known = COLUMNS.filter(([, score]) => methods.some(({ scores }) => scores[score] !== null));
  const rows = methods.map(({ label, explanation, scores, seconds }) => [
    label,
    percent(explanation.probability.explained),
    percent(explanation.realisedArea),
    ...known.map(([, score]) => (scores[score] === null ? '–' : percent(scores[score]))),
    `${seconds.toFixed(1)} s`,
  ]);
  return [
    `${target.name}: ${percent(target.probability)} on the clip${views ? ` (${describeViews(views)})` : ''}; on what each mask keeps:`,
    table([['METHOD', 'KEPT', 'AREA', ...known.map(([title]) => title), 'TIME'], ...rows], { numbers: true }),
    `  look at  ${page}`,
    `           ${sheet}`,
    `  data     ${result}, masks/`,
  ].join('\n');
}
