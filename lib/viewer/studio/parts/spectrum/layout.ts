/** Sizes of the picture of a spectrum, in its own units. */
export const WIDTH = 300;
export const HEIGHT = 220;
/** Of the energies along an axis, at the sides of the plane. */
export const BARS = 46;
export const GAP = 6;
/** Room for the axes' words. */
export const AXIS = 42;

/** Decades that are told apart below the largest share. */
const DECADES = 4;

/** Where shares lie on a scale of decades that ends with the largest: from 0 to 1. */
export function scaleOf(shares: readonly number[]): (share: number) => number {
  const largest = Math.max(...shares);
  return (share) => (share > 0 ? Math.max(1 + Math.log10(share / largest) / DECADES, 0) : 0);
}
