import type { ComparedDocument } from '../../report/page/document';

/** The sort key of rows: `kept`, a metric's name, or null for the given order. */
export interface Sorting {
  by: string | null;
  descending: boolean;
}

type Scored = Pick<ComparedDocument, 'probability' | 'scores'>;

/** A method's value of the sort key. */
export function scoreOf({ probability, scores }: Scored, by: string): number | null {
  return by === 'kept' ? probability.explained : (scores[by] ?? null);
}

/** Sorts rows; those without a value come last in either direction. */
export function sortedBy<Row extends Scored>(rows: Row[], { by, descending }: Sorting): Row[] {
  if (by === null) return rows;
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [scoreOf(a, by), scoreOf(b, by)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right);
  });
}
