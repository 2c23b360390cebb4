import { type Command, Option } from 'commander';
import type { SynthesisOptions } from '../../datasets/synthetic';
import type { DatasetFormat } from '../../datasets/synthetic/writeDataset';
import { interruptSignal } from '../interrupt';
import { type OutputOptions, printResult, say } from '../output';
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
  const dataset = program.command('dataset').description('make data sets');
  dataset
    .command('synth')
    .description('generate synthetic clips: the class is how the textured actor moves; boxes are exact')
    .option('--count <n>', 'how many clips', integer, 12)
    .option('--start <index>', 'index of the first clip', integer, 0)
    .option('--seed <n>', 'names the set; other seeds share nothing with it', integer, 0)
    .option('--frames <n>', 'frames of a clip', integer, 16)
    .option('--size <pixels>', 'frame size, N or HEIGHTxWIDTH', size, { height: 112, width: 112 })
    .addOption(new Option('--difficulty <name>').choices(['easy', 'standard', 'hard']).default('standard'))
    .option('--contrast <share>', 'opacity of the actor over the background', number)
    .option('--distractors <n>', 'things that do not perform a motion', integer)
    .addOption(new Option('--format <kind>', 'how clips are stored').choices(['mp4', 'npy']).default('mp4'))
    .option('--fps <n>', 'frames per second of the videos', number, 8)
    .option('--out <dir>', 'where the clips go', 'synthetic')
    .option('--json', 'print one JSON object')
    .option('--quiet', 'no progress')
    .action(synth);
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
  const written = await writeDataset(out, {
    ...options,
    ...{ start, count, format, fps },
    ...(contrast !== undefined && { contrast }),
    ...(distractors !== undefined && { distractors }),
    signal: interruptSignal(),
    onClip: (done) => done % 50 === 0 && say(`${done}/${count} clips`, flags),
  });
  printResult(written, ({ clips, manifest }) => `${clips} clips, described in ${manifest}`, flags);
}
