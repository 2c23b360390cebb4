import { closest, distance } from 'fastest-levenshtein';

/** Largest share of wrong letters in a name that still gets a suggestion. */
const MOST_WRONG = 0.4;

/** `Did you mean clockwise?` if the given name is close to a known one; otherwise an empty string. */
export function suggestion(given: string, names: readonly string[]): string {
  const wanted = plain(given);
  if (wanted === '' || names.length === 0) return '';
  const known = new Map(names.map((name) => [plain(name), name]));
  const near = closest(wanted, [...known.keys()]);
  const isNear = distance(wanted, near) <= MOST_WRONG * Math.max(wanted.length, near.length);
  return isNear ? `Did you mean ${known.get(near)}?` : '';
}

/** Letters and digits only, in lower case: `Grad CAM` and `grad-cam` compare equal. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
