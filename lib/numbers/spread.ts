/** `count` of 0 … length − 1 spread evenly, each in the middle of its segment; all of them where there are fewer. */
export function spreadOver(length: number, count: number): number[] {
  const parts = Math.min(count, length);
  return Array.from({ length: parts }, (_, i) => Math.floor(((2 * i + 1) * length) / (2 * parts)));
}

/** At most `count` of 0 … length − 1, evenly spaced, including the first and the last. */
export function fromFirstToLast(length: number, count: number): number[] {
  const parts = Math.min(count, length);
  return Array.from({ length: parts }, (_, i) =>
    parts === 1 ? 0 : Math.round((i * (length - 1)) / (parts - 1)),
  );
}
