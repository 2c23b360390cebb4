import { FepError } from '../errors/fepError';
import { throwIfAborted } from '../frames/readOptions';
import type { CheckedOptions } from './options';
import type { ProblemLog } from './problems';
import { roundRobin } from './roundRobin';
import type { DatasetSource, Entry } from './source';
import type { Sample } from './types';

/**
 * Selects the samples that the options request, in the data set's order; unusable ones are logged.
 *
 * With a limit, samples are taken from the classes in rotation, and checked only until there are enough.
 *
 * @throws FepError `FEP_USAGE` for an unknown class, `FEP_DATASET` as the log, `FEP_ABORTED`
 */
export async function selectSamples(
  { name, classes, entries }: DatasetSource,
  { classes: wanted = classes, limit = entries.length, signal }: CheckedOptions,
  log: ProblemLog,
): Promise<Sample[]> {
  checkClasses(name, classes, wanted);
  const known = withoutRepeats(withoutUnknown(entries, classes, log), log);
  const requested = known.filter(({ label }) => wanted.includes(label));
  const taken = new Set<Entry>();
  for (const entry of limit < requested.length ? roundRobin(requested) : requested) {
    if (taken.size === limit) break;
    throwIfAborted(signal);
    const problem = await entry.check();
    if (problem === undefined) taken.add(entry);
    else log.add(entry.id, problem);
  }
  return requested.filter((entry) => taken.has(entry)).map(({ id, label, read }) => ({ id, label, read }));
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

/** Keeps the first of several samples with the same id. */
function withoutRepeats(entries: Entry[], log: ProblemLog): Entry[] {
  const seen = new Set<string>();
  return entries.filter(({ id }) => {
    const repeated = seen.has(id);
    if (repeated) log.add(id, 'the id was given to an earlier sample');
    seen.add(id);
    return !repeated;
  });
}
