/** Characters of a run's title. */
export const LONGEST_TITLE = 200;

/** What a run of a class is called until somebody renames it; the page says it too. */
export function runTitle(target: string, method: string): string {
  return `${target} · ${method}`.slice(0, LONGEST_TITLE);
}
