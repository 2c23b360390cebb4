/** Frames per second that the tables of EPIC-Kitchens-55 count, for resampled videos. */
export const TABLE_RATE = 60;

/** EPIC-Kitchens draws boxes on every 30th frame: a box represents the 15 frames before and after it. */
export const REACH = 15;

/**
 * The 0-based index of the video frame nearest in time to frame n of a table, counted from 1, which is at (n −
 * 1)/60 s. Ties go to the earlier frame, so that a second of the table is as long as one of the video.
 *
 * @param rate of the video, in frames per second
 */
export function videoFrame(n: number, rate: number): number {
  return nearest(((n - 1) * rate) / TABLE_RATE);
}

/** How many video frames before and after its own a box represents. */
export function videoReach(rate: number): number {
  return nearest((REACH * rate) / TABLE_RATE);
}

/** Rounds to the nearest integer, halves down. */
function nearest(x: number): number {
  const whole = Math.floor(x);
  return x - whole > 0.5 ? whole + 1 : whole;
}

/** Relative difference up to which rates count as equal; 59.94 and 60 differ. */
const TOLERANCE = 5e-4;

/** Describes what is wrong with a video's rate; undefined if nothing is. */
export function badRate(rate: number | undefined, listed: number | undefined): string | undefined {
  if (rate === undefined) return 'does not say how many frames a second it has';
  if (listed === undefined || Math.abs(rate - listed) <= TOLERANCE * listed) return undefined;
  return (
    `has ${formatRate(rate)} frames a second, EPIC_video_info.csv says ${formatRate(listed)}: ` +
    'it is another video, or it was resampled and the table must be corrected'
  );
}

/** 29.97 for 30000/1001. */
export function formatRate(rate: number): string {
  return String(Number(rate.toFixed(3)));
}
