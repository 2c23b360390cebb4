import { FepError } from '../errors/fepError';
import { throwIfAborted } from '../frames/readOptions';
import { inTurns } from './inTurns';
import type { CheckedOptions } from './options';
import type { ProblemLog } from './problems';
import type { DatasetSource, Entry } from './source';
import type { Sample } from './types';

/**
 * The samples that the options ask for, in the data set's order; those that cannot be used go to the log.
 *
 * With a limit, classes take turns and samples are looked at only until there are enough.
 *
 * @throws FepError `FEP_USAGE` for a class that the data set does not have, `FEP_DATASET` as the log,
 *   `FEP_ABORTED`
 */
export async function selectSamples(
  { name, classes, entries }: DatasetSource,
  { classes: wanted = classes, limit = entries.length, signal }: CheckedOptions,
  log: ProblemLog,
): Promise<Sample[]> {
  checkClasses(name, classes, wanted);
  const known = withoutRepeats(withoutUnknown(entries, classes, log), log);
  const asked = known.filter(({ label }) => wanted.includes(label));
  const taken = new Set<Entry>();
  for (const entry of limit < asked.length ? inTurns(asked) : asked) {
    if (taken.size === limit) break;
    throwIfAborted(signal);
    const problem = await entry.check();
    if (problem === undefined) taken.add(entry);
    else log.add(entry.id, problem);
  }
  return asked.filter((entry) => taken.has(entry)).map(({ id, label, read }) => ({ id, label, read }));
}

function checkClasses(name: string, classes: string[], wanted: string[]): void {
  const unknown = wanted.filter((label) => !classes.includes(label));
  if (unknown.length === 0) return;
  throw new FepError('FEP_USAGE', `${name} has no class ${unknown.join(', ')}.`, {
    hint: `Its classes are ${classes.join(', ')}.`,
  });
}

function withoutUnknown(entries: Entry[], classes: string[], log: ProblemLog): Entry[] {
  return entries.filter(({ id, label }) => {
    const known = classes.includes(label);
    if (!known) log.add(id, `${label} is none of the data set's classes`);
    return known;
  });
}

/** Of several samples with one id the first stays. */
function withoutRepeats(entries: Entry[], log: ProblemLog): Entry[] {
  const seen = new Set<string>();
  return entries.filter(({ id }) => {
    const repeated = seen.has(id);
    if (repeated) log.add(id, 'the id was given to an earlier sample');
    seen.add(id);
    return !repeated;
  });
}
