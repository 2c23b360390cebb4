import { closest, distance } from 'fastest-levenshtein';

/** A name is meant when at most this share of its letters is wrong. */
const MOST_WRONG = 0.4;

/** `Did you mean clockwise?` for a name that is nearly one of those that there are; else nothing. */
export function suggestion(given: string, names: readonly string[]): string {
  const wanted = plain(given);
  if (wanted === '' || names.length === 0) return '';
  const known = new Map(names.map((name) => [plain(name), name]));
  const near = closest(wanted, [...known.keys()]);
  const isNear = distance(wanted, near) <= MOST_WRONG * Math.max(wanted.length, near.length);
  return isNear ? `Did you mean ${known.get(near)}?` : '';
}

/** Letters and digits alone: `Grad CAM` is `grad-cam`. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
