import { Random } from '../../numbers/random';
import { naturalBackground, paintBackground } from './background';
import { type Box, tightBox } from './box';
import { labelOf, SYNTHETIC_CLASSES, type SyntheticClass } from './classes';
import { randomDistractors } from './distractors';
import { paintFigure, randomFigure } from './figure';
import { actorPoses } from './motion';
import { resolveSynthesis, type Synthesis, type SynthesisOptions } from './options';

/** A synthetic clip with its ground truth. */
export interface SyntheticClip {
  seed: number;
  index: number;
  /** Index into SYNTHETIC_CLASSES. */
  label: number;
  className: SyntheticClass;
  frames: number;
  height: number;
  width: number;
  /** T×H×W×3, RGB, one byte per channel. */
  rgb: Uint8Array;
  /** T×H×W, 1 where the actor covers at least half of the pixel, else 0. */
  mask: Uint8Array;
  /** The smallest box that contains the mask of each frame; null if the actor is not visible. */
  boxes: (Box | null)[];
}

/** Each element of a clip has its own random sequence. */
const SEQUENCE = { background: 1, distractors: 2, look: 3, motion: 4, presence: 5 } as const;

/**
 * Synthesises one clip: a textured actor moves over a drifting background among distractors.
 *
 * The class is the actor's motion; shape, texture and colours are independent of it. The actor is in front of
 * everything else. A clip depends only on its options, not on clips made before.
 *
 * @throws FepError `FEP_USAGE` for options out of range
 */
export function synthesize(options: SynthesisOptions): SyntheticClip {
  const resolved = resolveSynthesis(options);
  const { seed, index, frames, height, width, contrast } = resolved;
  const label = labelOf(index);
  const className = SYNTHETIC_CLASSES[label] as SyntheticClass;
  const random = (which: keyof typeof SEQUENCE) => new Random(seed, index, SEQUENCE[which]);

  const background = naturalBackground(resolved, random('background'));
  const distractors = randomDistractors(resolved, background, random('distractors'));
  const actor = randomFigure(random('look'));
  const poses = actorPoses(className, resolved, random('motion'));
  const [first, end] = presenceOf(resolved, random('presence'));

  const pixels = height * width;
  const rgb = new Uint8Array(frames * pixels * 3);
  const mask = new Uint8Array(frames * pixels);
  const frame = new Float32Array(pixels * 3);
  const boxes: (Box | null)[] = [];
  for (let t = 0; t < frames; t++) {
    const moment = frames === 1 ? 0.5 : t / (frames - 1);
    const visible = mask.subarray(t * pixels, (t + 1) * pixels);
    paintBackground(background, moment, frame, height, width);
    for (const { figure, pose } of distractors) {
      paintFigure(figure, pose(moment), contrast, frame, height, width);
    }
    if (resolved.actor && t >= first && t < end)
      paintFigure(actor, poses[t]!, contrast, frame, height, width, visible);
    quantise(frame, rgb.subarray(t * pixels * 3, (t + 1) * pixels * 3));
    boxes.push(tightBox(visible, height, width));
  }
  return { seed, index, label, className, frames, height, width, rgb, mask, boxes };
}

/** The frames in which the actor is to be seen: at least two, or a motion could not be told. */
function presenceOf({ frames, presence }: Synthesis, random: Random): [first: number, end: number] {
  const share = random.uniform(...presence);
  const count = Math.min(Math.max(Math.round(share * frames), 2), frames);
  const first = Math.floor(random.uniform(0, frames - count + 1));
  return [first, first + count];
}

/** Rounds [0, 1] to bytes, clamping values outside. */
function quantise(frame: Float32Array, bytes: Uint8Array): void {
  for (let i = 0; i < frame.length; i++) {
    bytes[i] = Math.max(0, Math.min(255, Math.floor(frame[i]! * 255 + 0.5)));
  }
}
