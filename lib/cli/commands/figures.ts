import type { Command } from 'commander';
import type { Figures } from '../../figures/figures';
import { FIGURES, type FigureName, type FigureOptions, RUN_OPTIONS } from '../../figures/options';
import { during } from '../during';
import { flagOf } from '../flagOf';
import { addFolderOptions, addSampleOptions, type InputClipFlags, readInputClip } from '../inputClip';
import { interruptSignal } from '../interrupt';
import { addOptions, pickOptions } from '../methodOptions';
import { findModelFile, loadAnnounced } from '../modelFile';
import { addModelOptions, type ModelFlags } from '../modelOptions';
import { type OutputOptions, percent, printResult, say } from '../output';
import { explainProgress } from '../progress';
import { integer, names, number, numbers } from '../values';

interface FigureFlags
  extends OutputOptions,
    Omit<FigureOptions, 'only' | 'shown'>,
    ModelFlags,
    InputClipFlags {
  model: string;
  only?: string[];
  show?: number;
  out: string;
}

export function addFigures(program: Command): void {
  const command = program
    .command('figures [clip]')
    .description(
      'look inside F-EP on one clip: its gradients, their spectrum, what modulation buys and costs',
    )
    .option('--model <file|name>', 'a TorchScript file, or a shipped model', 'r2plus1d-mini')
    .option('--only <list>', `of ${FIGURES.join(', ')} (default: all)`, names)
    .option('--out <dir>', 'where the figures go', 'fep-figures')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress');
  addModelOptions(addFigureOptions(addSampleOptions(addFolderOptions(command))))
    .addHelpText('after', EXAMPLES)
    .action((clip: string | undefined, flags: FigureFlags) => runFigures(clip, flags));
}

function addFigureOptions(command: Command): Command {
  command
    .optionsGroup('What to show:')
    .option('--at <iteration>', 'gradients: of this iteration, from 0 (default: half-way)', integer)
    .option('--show <n>', 'gradients: so many consecutive frames (default: 5)', integer)
    .option('--from <frame>', 'gradients: the first of them (default: around the middle)', integer)
    .option('--averaged <n>', 'spectrum: mean of so many iterations over the run (default: 10)', integer)
    .option('--low-ratios <list>', 'tradeoff: r_l of further runs (default: 0.1,0.3,0.5,0.7)', numbers)
    .optionsGroup('How F-EP runs; 3D-EP takes the same:')
    .addOption(flagOf('area', { help: 'share of the clip to keep (default: 0.1)', read: number }))
    .addOption(flagOf('iterations', { help: 'updates of each mask (default: 500)' }));
  return addOptions(command, RUN_OPTIONS);
}

const EXAMPLES = `
Examples:
  fep-native figures clip.mp4
  fep-native figures --data synthetic --sample synthetic-2-4 --domain mask --out figures
  fep-native figures --data ucf101-24:PATH --only tradeoff --low-ratios 0.2,0.4,0.6,0.8`;

async function runFigures(path: string | undefined, flags: FigureFlags): Promise<void> {
  // Loaded lazily, so that --help does not load decoders and libtorch.
  const { countIterations, measureFigures } = await import('../../figures/figures.js');
  const { writeFigures } = await import('../../figures/writeFigures.js');

  const signal = interruptSignal();
  const options = figureOptions(flags);
  // The command is validated before anything slow starts.
  const { path: file, manifest } = await findModelFile(flags.model, flags, signal);
  const iterations = countIterations(options, manifest);
  const read = () => readInputClip(path, flags, manifest.input, signal);
  const { clip, boxes, name } = await during('reading the clip', flags, read);
  for (const warning of clip.warnings) say(`warning: ${warning}`, flags);

  const model = await loadAnnounced(file, flags, signal);
  for (const warning of model.warnings) say(`warning: ${warning}`, flags);
  const progress = explainProgress(iterations, flags);
  try {
    const figures = await measureFigures(model, clip, boxes, {
      ...options,
      signal,
      onProgress: progress.update,
    });
    progress.stop();
    const write = () => writeFigures(flags.out, figures, { model, clip, boxes, name });
    const files = await during('drawing the figures', flags, write);
    signal.throwIfAborted();
    printResult({ files, ...summary(figures) }, (result) => describe(result, figures), flags);
  } finally {
    progress.stop();
    model.dispose();
  }
}

function figureOptions(flags: FigureFlags): FigureOptions {
  const { at, from, averaged, lowRatios, area } = flags;
  return {
    only: flags.only as FigureName[] | undefined,
    shown: flags.show,
    at,
    from,
    averaged,
    lowRatios,
    area,
    ...pickOptions(flags, ['iterations', ...RUN_OPTIONS]),
  };
}

/** The output of `--json`: the main numbers. */
function summary({ gradients, spectrum, departure, tradeoff }: Figures) {
  return {
    ...(gradients && { gradients: gradients.maps.map(({ values: _, ...map }) => map) }),
    ...(spectrum && {
      spectrum: spectrum.spectra.map(({ method, stage, spectrum: { bands } }) => ({ method, stage, bands })),
    }),
    ...(departure && {
      departure: {
        betweenRuns: departure.betweenRuns.at(-1) ?? null,
        clamping: departure.clamping?.distance.at(-1) ?? null,
        momentum: departure.momentum,
      },
    }),
    ...(tradeoff && { tradeoff: tradeoff.points.map(({ mask: _, ...point }) => point) }),
  };
}

function describe(result: ReturnType<typeof summary> & { files: string[] }, { departure }: Figures): string {
  const { gradients = [], spectrum = [], tradeoff = [], files } = result;
  return [
    ...gradients.map(
      ({ method, stage, frameCorrelation }) =>
        `${method}, ${stage}: neighbouring frames correlate ${frameCorrelation?.toFixed(2) ?? '–'}`,
    ),
    ...spectrum.map(
      ({ method, stage, bands }) =>
        `${method}, ${stage}: ${percent(bands.low)} of the energy in A, ${percent(bands.high)} in B`,
    ),
    ...(departure ? [describeDeparture(departure)] : []),
    ...tradeoff.map(
      ({ name, probability, predicted, consistency }) =>
        `${name}: ${percent(probability)} (most probable: ${predicted.name})` +
        (consistency?.recall == null ? '' : `, recall at 10 % ${percent(consistency.recall)}`),
    ),
    ...files.filter((file) => file.endsWith('.png')).map((file) => `  look at  ${file}`),
  ].join('\n');
}

function describeDeparture({ iterations, betweenRuns, clamping }: NonNullable<Figures['departure']>): string {
  const clamp = clamping
    ? `; clamping alone causes ${percent(clamping.distance.at(-1)!)} in ${clamping.iterations.at(-1)}`
    : '';
  return (
    `3D-EP's modulated mask departs from F-EP's by ${percent(betweenRuns.at(-1)!)} of the distance that F-EP's has moved` +
    ` in ${iterations.at(-1)} iterations${clamp}`
  );
}
