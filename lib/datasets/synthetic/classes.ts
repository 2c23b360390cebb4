/**
 * The classes are the motions of the actor; nothing else distinguishes them.
 *
 * - `left`, `right`, `up`, `down`: it crosses part of the frame in a straight line;
 * - `clockwise`, `counter-clockwise`: its centre moves around a circle, as seen on the screen;
 * - `grow`, `shrink`: its size changes by about a factor of two;
 * - `sway`, `bounce`: it oscillates horizontally or vertically.
 *
 * The set is closed under mirroring, swapping the axes and reversing time.
 */
export const SYNTHETIC_CLASSES = [
  'left',
  'right',
  'up',
  'down',
  'clockwise',
  'counter-clockwise',
  'grow',
  'shrink',
  'sway',
  'bounce',
] as const;

export type SyntheticClass = (typeof SYNTHETIC_CLASSES)[number];

/** The label of a clip: classes alternate, so any ten consecutive clips include each class once. */
export function labelOf(index: number): number {
  return index % SYNTHETIC_CLASSES.length;
}
