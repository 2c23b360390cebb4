import { FepError } from '../errors/fepError';
import { throwIfAborted } from '../frames/readOptions';
import type { ModelInput } from '../manifest/manifest';
import { problemOf } from './problems';
import { roundRobin } from './roundRobin';
import type { AnnotatedClip, BoxMask, Dataset, DatasetProblem, Sample } from './types';

export interface InspectOptions {
  /** Number of clips to read, taken from the classes in rotation. */
  limit: number;
  signal?: AbortSignal;
  /** Called after each clip with the number read. */
  onClip?: (done: number) => void;
}

/** A clip without the model's floats. */
export interface InspectedClip {
  id: string;
  label: string;
  frames: number;
  height: number;
  width: number;
  /** T×H×W×3. */
  rgb: Uint8Array;
  boxes: BoxMask | null;
}

export interface Inspection {
  name: string;
  samples: number;
  /** Number of samples per class, in the data set's order. */
  classes: { name: string; samples: number }[];
  /** Statistics of the clips that were read. */
  read: {
    clips: number;
    clipsWithBoxes: number;
    frames: number;
    annotatedFrames: number;
    /** Fraction of the pixels of annotated frames that are inside a box; null without annotated frames. */
    boxShare: number | null;
  };
  /** Problems of the data set, and clips that could not be read. */
  problems: DatasetProblem[];
}

/**
 * Counts the samples of a data set and reads some of its clips.
 *
 * @throws FepError `FEP_USAGE` for an invalid limit, `FEP_ABORTED`, `FEP_DECODER_MISSING`
 */
export async function inspectDataset(
  { name, classes, samples, problems }: Dataset,
  input: ModelInput,
  { limit, signal, onClip }: InspectOptions,
): Promise<{ inspection: Inspection; clips: InspectedClip[] }> {
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new FepError('FEP_USAGE', `limit is ${limit}, expected a whole number from 0 on.`);
  const clips: InspectedClip[] = [];
  const damaged: DatasetProblem[] = [];
  for (const [i, sample] of roundRobin(samples).slice(0, limit).entries()) {
    throwIfAborted(signal);
    try {
      clips.push(toInspected(sample, await sample.read(input, { signal })));
    } catch (error) {
      damaged.push(problemOf(sample.id, error));
    }
    onClip?.(i + 1);
  }
  const inspection = {
    name,
    samples: samples.length,
    classes: classes.map((label) => ({
      name: label,
      samples: samples.filter((sample) => sample.label === label).length,
    })),
    read: countBoxes(clips),
    problems: [...problems, ...damaged],
  };
  return { inspection, clips };
}

function toInspected({ id, label }: Sample, { clip, boxes }: AnnotatedClip): InspectedClip {
  const { frames, height, width, rgb } = clip;
  return { id, label, frames, height, width, rgb, boxes };
}

function countBoxes(clips: InspectedClip[]): Inspection['read'] {
  const boxes = clips.flatMap((clip) => clip.boxes ?? []);
  const annotatedFrames = count(boxes.flatMap(({ annotated }) => annotated));
  const pixels = clips[0] ? clips[0].height * clips[0].width : 0;
  const inside = boxes.reduce((sum, mask) => sum + mask.inside.reduce((ones, one) => ones + one, 0), 0);
  return {
    clips: clips.length,
    clipsWithBoxes: count(boxes.map(({ annotated }) => annotated.includes(true))),
    frames: clips.reduce((sum, { frames }) => sum + frames, 0),
    annotatedFrames,
    boxShare: annotatedFrames > 0 ? inside / (annotatedFrames * pixels) : null,
  };
}

function count(flags: boolean[]): number {
  return flags.filter(Boolean).length;
}
