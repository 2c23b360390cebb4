import { normalize } from '../../clip/normalize';
import { FepError } from '../../errors/fepError';
import { type ReadOptions, throwIfAborted } from '../../frames/readOptions';
import type { ModelInput } from '../../manifest/manifest';
import { boxMask } from '../boxMask';
import type { CheckedOptions } from '../options';
import type { DatasetSource, Entry } from '../source';
import type { AnnotatedClip } from '../types';
import { labelOf, SYNTHETIC_CLASSES } from './classes';
import { resolveSynthesis, type SynthesisOptions } from './options';
import { synthesize } from './synthesize';

/** The seed of held-out clips: the shipped models were trained on seed 1 and measured on this one. */
const HELD_OUT_SEED = 2;
const DEFAULT_CLIPS = 100;
/** Frames per second for display: sixteen frames take two seconds. */
const FPS = 8;

/** First index of each split; clips with the same seed and different indices share nothing. */
const FIRST_INDEX: Record<string, number> = { test: 0, validation: 1_000_000 };

/**
 * Generated clips in the size and length of the model's input, so that nothing is resampled and boxes are exact.
 * Ids are `synthetic-<seed>-<index>`.
 *
 * @throws FepError `FEP_USAGE` for an unknown split or an invalid difficulty
 */
export function openSynthetic(_path: string, options: CheckedOptions): DatasetSource {
  const { split = 'test', seed = HELD_OUT_SEED, limit = DEFAULT_CLIPS, classes } = options;
  const first = FIRST_INDEX[split];
  if (first === undefined)
    throw new FepError('FEP_USAGE', `The synthetic set has no split ${split}.`, {
      hint: `Its splits are ${Object.keys(FIRST_INDEX).join(', ')}.`,
    });
  const synthesis = { ...difficultyOf(options), seed };
  resolveSynthesis({ ...synthesis, index: first });
  const rounds = Math.ceil(limit / new Set(classes ?? SYNTHETIC_CLASSES).size);
  const inRounds = rounds * SYNTHETIC_CLASSES.length;
  const count = classes ? inRounds : Math.min(inRounds, limit);
  const entries = Array.from({ length: count }, (_, i) => entry({ ...synthesis, index: first + i }));
  // This many clips of all classes include every selected one.
  const part = { split, seed, difficulty: options.difficulty ?? 'standard', limit: count };
  return { name: 'synthetic', classes: [...SYNTHETIC_CLASSES], entries, part };
}

/** Ids beyond this are not searched: the set itself has no end. */
const MOST_CLIPS = 1_000_000;

/** The size of a set that includes the clip with this id; undefined if the default size suffices. */
export function clipsUpTo(id: string | undefined, split = 'test'): number | undefined {
  const index = Number(/^synthetic-\d+-(\d+)$/.exec(id ?? '')?.[1] ?? Number.NaN);
  const count = index - (FIRST_INDEX[split] ?? Number.NaN) + 1;
  return count > DEFAULT_CLIPS && count <= MOST_CLIPS ? count : undefined;
}

function difficultyOf({ difficulty }: CheckedOptions): Omit<SynthesisOptions, 'seed' | 'index'> {
  return typeof difficulty === 'string' ? { difficulty } : { ...difficulty };
}

function entry(options: SynthesisOptions): Entry {
  const id = `synthetic-${options.seed}-${options.index}`;
  return {
    id,
    label: SYNTHETIC_CLASSES[labelOf(options.index)]!,
    check: async () => undefined,
    read: async (input, { signal }: ReadOptions = {}) => {
      throwIfAborted(signal);
      return read(id, options, input);
    },
  };
}

async function read(id: string, options: SynthesisOptions, input: ModelInput): Promise<AnnotatedClip> {
  const { frames, height, width } = input;
  const { rgb, boxes } = synthesize({ ...options, frames, height, width });
  const size = { height, width };
  const clip = {
    data: normalize(rgb, input),
    rgb,
    frames,
    height,
    width,
    fps: FPS,
    sourceFrames: frames,
    indices: Array.from({ length: frames }, (_, t) => t),
    sourceHeight: height,
    sourceWidth: width,
    source: id,
    warnings: [],
  };
  const frameBoxes = boxes.map((box) => (box ? [box] : []));
  return { clip, boxes: boxMask(frameBoxes, size, clip, { mode: 'stretch' }) };
}
