/** EPIC-Kitchens-55's tables count the frames of videos that were resampled to so many a second. */
export const TABLE_RATE = 60;

/** EPIC-Kitchens draws boxes on every thirtieth frame: a box stands for the fifteen frames before and after it. */
export const REACH = 15;

/**
 * The 0-based index of a video's frame that is nearest in time to frame n of a table, counted from 1: that is at
 * (n − 1)/60 s. Of two frames as near the earlier, so that a second of the table is as long as one of the video.
 *
 * @param rate the video's own, in frames a second
 */
export function videoFrame(n: number, rate: number): number {
  return nearest(((n - 1) * rate) / TABLE_RATE);
}

/** How many of the video's frames before and after its own a box stands for. */
export function videoReach(rate: number): number {
  return nearest((REACH * rate) / TABLE_RATE);
}

/** Of two whole numbers as near, the smaller. */
function nearest(x: number): number {
  const whole = Math.floor(x);
  return x - whole > 0.5 ? whole + 1 : whole;
}

/** Rates further apart, as a share of them, are different ones: 59.94 and 60 are. */
const TOLERANCE = 5e-4;

/** What is wrong with a video's rate, in words; undefined when nothing is. */
export function badRate(rate: number | undefined, listed: number | undefined): string | undefined {
  if (rate === undefined) return 'does not say how many frames a second it has';
  if (listed === undefined || Math.abs(rate - listed) <= TOLERANCE * listed) return undefined;
  return (
    `has ${inWords(rate)} frames a second, EPIC_video_info.csv says ${inWords(listed)}: ` +
    'it is another video, or was resampled and the table is to be corrected'
  );
}

/** 29.97 for 30000/1001. */
export function inWords(rate: number): string {
  return String(Number(rate.toFixed(3)));
}
