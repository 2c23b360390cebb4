// Two methods on the same clips: the mean of the differences, clip by clip, and what may be said of it.
import { bootstrapInterval } from '../../dist/index.mjs';

/** What is compared, and which end is good. */
export const COMPARED = [
  { title: 'DC', better: 'low', of: ({ dc }) => dc },
  { title: 'Acc.', better: 'high', of: ({ correct }) => (correct === null ? null : Number(correct)) },
  { title: 'STC@5', better: 'high', of: ({ stcRecallArea5 }) => stcRecallArea5 },
  { title: 'STC@10', better: 'high', of: ({ stcRecallArea10 }) => stcRecallArea10 },
  { title: 'STC@20', better: 'high', of: ({ stcRecallArea20 }) => stcRecallArea20 },
  { title: 'Pointing', better: 'high', of: ({ pointing }) => pointing },
  { title: 'Deletion', better: 'low', of: ({ deletion }) => deletion },
  { title: 'Insertion', better: 'high', of: ({ insertion }) => insertion },
  { title: 'Area', better: null, of: ({ realisedArea }) => realisedArea },
];

/** For each metric the differences `method` − `other` on the clips that both have a value for. */
export function compare(records, method, other, area = null) {
  return COMPARED.flatMap(({ title, better, of }) => {
    const [own, others] = [method, other].map((label) => valuesOf(records, label, area, of));
    const differences = [...own].flatMap(([place, value]) =>
      others.has(place) ? [value - others.get(place)] : [],
    );
    if (differences.length === 0) return [];
    const interval = bootstrapInterval(differences);
    return [{ title, better, interval, verdict: verdictOf(interval, better) }];
  });
}

function valuesOf(records, label, area, of) {
  const own = records.filter(({ method, masks }) => method === label && masks.length > 0);
  return new Map(
    own.flatMap(({ place, masks }) => {
      const mask = masks.find((one) => area === null || one.area === area) ?? masks[0];
      const value = of(mask.scores);
      return value === null || value === undefined ? [] : [[place, value]];
    }),
  );
}

/** An interval that holds 0 says nothing. */
function verdictOf({ low, high }, better) {
  if (better === null) return '';
  if (low === null || (low <= 0 && high >= 0)) return 'tie';
  return low > 0 === (better === 'high') ? 'win' : 'loss';
}
