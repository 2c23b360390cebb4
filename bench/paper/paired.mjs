// Two methods on the same clips: the mean difference, clip by clip, and what it says.

import { markdownTable, withInterval } from '../../dist/bench/table/markdown.js';
import { bootstrapInterval } from '../../dist/entries/metrics.mjs';
import { METRICS } from '../../dist/evaluate/metrics.js';

/** The metrics that are compared, in this order. */
const COMPARED = [
  'dc',
  'accuracy',
  'stcIou',
  'stcAt5',
  'stcAt10',
  'stcAt20',
  'pointing',
  'deletion',
  'insertion',
  'realisedArea',
];

/** A metric of the bench by its name. */
export function metricOf(name) {
  return METRICS.find((metric) => metric.name === name);
}

/** For each metric of these names, the differences `method` − `other` on the clips for which both have a value. */
export function compare(records, method, other, names = COMPARED) {
  return names.map(metricOf).flatMap(({ title, better, of }) => {
    const [own, others] = [method, other].map((label) => valuesOf(records, label, of));
    const differences = [...own].flatMap(([place, value]) =>
      others.has(place) ? [value - others.get(place)] : [],
    );
    if (differences.length === 0) return [];
    const interval = bootstrapInterval(differences);
    return [{ title, interval, verdict: verdictOf(interval, better) }];
  });
}

/** A table of these differences, `own` minus each of the others. others: each with the records that hold both */
export function differencesTable(own, others, names) {
  const columns = others.map(({ other, records }) => compare(records, own, other, names));
  const body = columns[0].map(({ title }, i) => [
    title,
    ...columns.map((column) => `${withInterval(column[i].interval)} ${column[i].verdict}`.trim()),
  ]);
  return markdownTable(['Metric', ...others.map(({ other }) => `minus ${other}`)], body);
}

function valuesOf(records, label, of) {
  const own = records.filter(({ method, masks }) => method === label && masks.length > 0);
  return new Map(
    own.flatMap(({ place, masks: [{ scores }] }) => {
      const value = of(scores);
      return value === null ? [] : [[place, value]];
    }),
  );
}

/** An interval that contains 0 decides nothing. */
function verdictOf({ low, high }, better) {
  if (better === null) return '';
  if (low === null || (low <= 0 && high >= 0)) return 'tie';
  return low > 0 === (better === 'high') ? 'win' : 'loss';
}
