import type { ExplainProgress } from '../explain/types';
import { type ExplainConfig, isMaskConfig, iterationsOf } from '../methods/config';
import { duration } from './duration';

/** Updates that tell how long one takes; the first of them is slower. */
const ENOUGH = 2;

/** Says once, after a run's first updates, how long a mask takes to find. Runs of a few seconds are not announced. */
export function expectedTime(
  config: ExplainConfig,
  tell: (line: string) => void,
): (progress: ExplainProgress) => void {
  if (!isMaskConfig(config)) return () => undefined;
  const start = performance.now();
  let told = false;
  return ({ iteration }) => {
    const done = iteration + 1;
    if (told || done < ENOUGH) return;
    told = true;
    const each = (performance.now() - start) / 1000 / done;
    const [first, whole] = [config.iterations * each, iterationsOf(config) * each];
    if (whole < 5) return;
    const line = `expected: about ${duration(first)} for ${config.iterations} updates`;
    const search = `${duration(whole)} with the search for the smallest`;
    tell(config.search ? `${line} of a first mask, ${search}` : line);
  };
}
