/**
 * The classes: what the actor does. Nothing but its motion tells them apart.
 *
 * - `left`, `right`, `up`, `down`: it crosses a part of the frame on a straight line;
 * - `clockwise`, `counter-clockwise`: its centre goes round a circle, as seen on the screen;
 * - `grow`, `shrink`: its size changes by about a factor of two;
 * - `sway`, `bounce`: it swings to and fro, horizontally or vertically.
 *
 * The set is closed under mirroring, under swapping the axes and under reversing time.
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

/** The label of a clip: classes take turns, so any run of ten clips holds each of them once. */
export function labelOf(index: number): number {
  return index % SYNTHETIC_CLASSES.length;
}
