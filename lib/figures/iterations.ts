/** `count` iterations spread evenly over a run, each in the middle of its segment; all iterations of a shorter run. */
export function spreadOver(iterations: number, count: number): number[] {
  const parts = Math.min(count, iterations);
  return Array.from({ length: parts }, (_, i) => Math.floor(((2 * i + 1) * iterations) / (2 * parts)));
}

/** At most `count` evenly spaced iterations, including the first and the last. */
export function fromFirstToLast(iterations: number, count: number): number[] {
  const parts = Math.min(count, iterations);
  return Array.from({ length: parts }, (_, i) =>
    parts === 1 ? 0 : Math.round((i * (iterations - 1)) / (parts - 1)),
  );
}
