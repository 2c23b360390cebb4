import { Random } from '../../numbers/random';
import { naturalBackground, paintBackground } from './background';
import { type Box, tightBox } from './box';
import { labelOf, SYNTHETIC_CLASSES, type SyntheticClass } from './classes';
import { randomDistractors } from './distractors';
import { paintFigure, randomFigure } from './figure';
import { actorPoses } from './motion';
import { resolveSynthesis, type SynthesisOptions } from './options';

/** A made clip and everything that is known about it. */
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
  /** For each frame the smallest box that holds the actor's mask; null where nothing of it is seen. */
  boxes: (Box | null)[];
}

/** Each part of a clip draws from a random sequence of its own. */
const PART = { background: 1, distractors: 2, look: 3, motion: 4 } as const;

/**
 * Makes one clip: a textured actor moves over a drifting background among distractors.
 *
 * The class is the actor's motion; shape, texture and colours of everything are drawn without regard to it.
 * The actor is in front of all else. The clip depends on its options alone, and not on clips made before.
 *
 * @throws FepError `FEP_USAGE` for options out of range
 */
export function synthesize(options: SynthesisOptions): SyntheticClip {
  const resolved = resolveSynthesis(options);
  const { seed, index, frames, height, width, contrast } = resolved;
  const label = labelOf(index);
  const className = SYNTHETIC_CLASSES[label] as SyntheticClass;
  const part = (which: keyof typeof PART) => new Random(seed, index, PART[which]);

  const background = naturalBackground(resolved, part('background'));
  const distractors = randomDistractors(resolved, background, part('distractors'));
  const actor = randomFigure(part('look'));
  const poses = actorPoses(className, resolved, part('motion'));

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
    if (resolved.actor) paintFigure(actor, poses[t]!, contrast, frame, height, width, visible);
    quantise(frame, rgb.subarray(t * pixels * 3, (t + 1) * pixels * 3));
    boxes.push(tightBox(visible, height, width));
  }
  return { seed, index, label, className, frames, height, width, rgb, mask, boxes };
}

/** Rounds [0, 1] to bytes, clamping what is outside. */
function quantise(frame: Float32Array, bytes: Uint8Array): void {
  for (let i = 0; i < frame.length; i++) {
    bytes[i] = Math.max(0, Math.min(255, Math.floor(frame[i]! * 255 + 0.5)));
  }
}
