import type { Command } from 'commander';
import type { Inspection } from '../../datasets/inspect';
import { DATASET_SPECS } from '../../datasets/kinds';
import type { SynthesisOptions } from '../../datasets/synthetic';
import { DIFFICULTY_NAMES } from '../../datasets/synthetic/options';
import type { DatasetFormat } from '../../datasets/synthetic/writeDataset';
import { choice } from '../choices';
import { countProgress } from '../countProgress';
import { addDatasetOptions, type DatasetFlags, datasetOptions } from '../datasetOptions';
import { during } from '../during';
import { examples } from '../examples';
import { EXIT } from '../exitCodes';
import { interruptSignal } from '../interrupt';
import { type OutputOptions, percent, printResult, table } from '../output';
import { integer, number, size } from '../values';

interface SynthFlags extends OutputOptions {
  count: number;
  start: number;
  seed: number;
  frames: number;
  size: { height: number; width: number };
  difficulty: NonNullable<SynthesisOptions['difficulty']>;
  contrast?: number;
  distractors?: number;
  format: DatasetFormat;
  fps: number;
  out: string;
}

export function addDataset(program: Command): void {
  const dataset = program.command('dataset').description('make and inspect data sets');
  dataset.addHelpText('after', examples('dataset synth --out clips', 'dataset inspect folder:clips'));
  dataset
    .command('synth')
    .description('generate synthetic clips with exact boxes; the class is the motion of a textured actor')
    .option('--count <n>', 'number of clips', integer, 12)
    .option('--start <index>', 'index of the first clip', integer, 0)
    .option('--seed <n>', 'seed of the set; sets with different seeds share no clips', integer, 0)
    .option('--frames <n>', 'frames per clip', integer, 16)
    .option('--size <pixels>', 'frame size, N or HEIGHTxWIDTH', size, { height: 112, width: 112 })
    .addOption(
      choice('--difficulty <name>', 'how hard the actor is to see', DIFFICULTY_NAMES).default('standard'),
    )
    .option('--contrast <share>', 'opacity of the actor over the background', number)
    .option('--distractors <n>', 'number of objects that do not perform a motion', integer)
    .addOption(choice('--format <kind>', 'file format of the clips', ['mp4', 'npy']).default('mp4'))
    .option('--fps <n>', 'frames per second of the videos', number, 8)
    .option('--out <dir>', 'where the clips go', 'synthetic')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      examples('dataset synth --count 24 --out clips', 'dataset synth --difficulty hard --format npy'),
    )
    .action(synth);
  addInspect(dataset);
}

async function synth(flags: SynthFlags): Promise<void> {
  const { writeDataset } = await import('../../datasets/synthetic/writeDataset.js');
  const {
    count,
    start,
    seed,
    frames,
    size: frame,
    difficulty,
    contrast,
    distractors,
    format,
    fps,
    out,
  } = flags;
  const options = { seed, frames, ...frame, difficulty };
  const progress = countProgress(count, 'clips', flags);
  const written = await writeDataset(out, {
    ...options,
    start,
    count,
    format,
    fps,
    ...(contrast !== undefined && { contrast }),
    ...(distractors !== undefined && { distractors }),
    signal: interruptSignal(),
    onClip: progress.update,
  }).finally(progress.stop);
  printResult(written, ({ clips, manifest }) => `${clips} clips, described in ${manifest}`, flags);
}

interface InspectFlags extends OutputOptions, DatasetFlags {
  limit: number;
  model: string;
  sheet?: string;
}

const SPECS = `
A data set is one of:
${DATASET_SPECS.map(({ spec, help }) => `  ${spec.padEnd(19)}${help}`).join('\n')}`;

function addInspect(dataset: Command): void {
  const command = dataset
    .command('inspect <dataset>')
    .description('count the samples of a data set, report problems, and read some of its clips')
    .option('--limit <n>', 'number of clips to read, alternating between classes', integer, 8)
    .option('--model <file|name>', 'gives the input shape; the model is not loaded', 'r2plus1d-mini')
    .option('--sheet <file>', 'draw the clips and their boxes into this PNG');
  addDatasetOptions(command)
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress')
    .addHelpText('after', SPECS)
    .addHelpText(
      'after',
      examples(
        'dataset inspect synthetic --sheet sheet.png',
        'dataset inspect ucf101-24:/data/ucf --limit 20',
      ),
    )
    .action(inspect);
}

/** Exits with code 1 if there are problems, unless `--skip-errors` is given. */
async function inspect(spec: string, flags: InspectFlags): Promise<void> {
  const { inspectDataset } = await import('../../datasets/inspect.js');
  const { openDataset } = await import('../../datasets/open.js');
  const { findModel } = await import('../../model/findModel.js');
  const { writeDatasetSheet } = await import('../../report/datasetSheet.js');

  const { limit, sheet } = flags;
  const signal = interruptSignal();
  const { manifest } = await findModel(flags.model);
  const options = { ...datasetOptions(flags), skipErrors: true, signal };
  const dataset = await during('opening the data set', flags, () => openDataset(spec, options));
  const progress = countProgress(Math.min(limit, dataset.samples.length), 'clips', flags);
  const { inspection, clips } = await inspectDataset(dataset, manifest.input, {
    limit,
    signal,
    onClip: progress.update,
  }).finally(progress.stop);
  if (sheet !== undefined) await during('drawing the sheet', flags, () => writeDatasetSheet(sheet, clips));
  printResult({ ...inspection, ...(sheet !== undefined && { sheet }) }, describeInspection, flags);
  if (inspection.problems.length > 0 && !flags.skipErrors) process.exitCode = EXIT.failed;
}

/** Number of problems listed; the rest is counted. */
const SHOWN_PROBLEMS = 20;

function describeInspection(inspection: Inspection & { sheet?: string }): string {
  const { name, samples, classes, problems, sheet } = inspection;
  const present = classes.filter((ofClass) => ofClass.samples > 0);
  const more = problems.length - SHOWN_PROBLEMS;
  return [
    `${name}: ${counted(samples, 'sample')} of ${counted(present.length, 'class', 'classes')} (${classes.length} in all)`,
    table(present.map((ofClass) => [`  ${ofClass.name}`, String(ofClass.samples)])),
    describeRead(inspection.read),
    problems.length > 0 ? `${counted(problems.length, 'problem')}:` : 'No problems.',
    ...problems.slice(0, SHOWN_PROBLEMS).map(({ where, message }) => `  ${where}: ${message}`),
    ...(more > 0 ? [`  and ${more} more; --json lists all`] : []),
    ...(sheet === undefined ? [] : [`look at ${sheet}`]),
  ].join('\n');
}

function describeRead({ clips, clipsWithBoxes, frames, annotatedFrames, boxShare }: Inspection['read']) {
  const boxes = boxShare === null ? '' : `; boxes cover ${percent(boxShare)} of those`;
  return (
    `Read ${counted(clips, 'clip')}: ${clipsWithBoxes} have boxes, on ${annotatedFrames} of ${frames} frames` +
    ` (${percent(frames > 0 ? annotatedFrames / frames : 0)})${boxes}.`
  );
}

function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
