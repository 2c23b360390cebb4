import { parseArgs } from 'node:util';
import { FepError, messageOf } from '../../errors/fepError';
import type { DifficultyName } from './options';
import { writeClips } from './stream';

/**
 * Writes synthetic clips to standard output in the binary form of `stream.ts`, for the trainers.
 *
 *     node dist/datasets/synthetic/pipe.js --seed 1 --start 0 --count 100
 *          [--frames T] [--height H] [--width W] [--difficulty easy|standard|hard|brief] [--without-actor]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '0' },
      start: { type: 'string', default: '0' },
      count: { type: 'string', default: '10' },
      frames: { type: 'string', default: '16' },
      height: { type: 'string', default: '112' },
      width: { type: 'string', default: '112' },
      difficulty: { type: 'string', default: 'standard' },
      'without-actor': { type: 'boolean', default: false },
    },
  });
  // A reader may close the pipe early: not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const range = {
    seed: Number(values.seed),
    start: Number(values.start),
    count: Number(values.count),
    frames: Number(values.frames),
    height: Number(values.height),
    width: Number(values.width),
    difficulty: values.difficulty as DifficultyName,
    actor: !values['without-actor'],
  };
  await writeClips(range, process.stdout);
}

main().catch((error: unknown) => {
  const hint = error instanceof FepError && error.hint ? `\n${error.hint}` : '';
  process.stderr.write(`${messageOf(error)}${hint}\n`);
  process.exitCode = error instanceof FepError && error.code === 'FEP_USAGE' ? 2 : 1;
});
