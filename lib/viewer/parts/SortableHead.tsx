import type { Signal } from '@preact/signals';
import type { MetricDocument } from '../../report/page/document';
import type { Sorting } from '../data/sorting';

interface SortableHeadProps {
  title: string;
  /** The sort key of a click; null for the given order. */
  by: string | null;
  better?: MetricDocument['better'];
  sorting: Signal<Sorting>;
}

/** A column heading; a click sorts by the column, best first, and a second click reverses the order. */
export function SortableHead({ title, by, better = null, sorting }: SortableHeadProps) {
  const { by: current, descending } = sorting.value;
  const active = by !== null && by === current;
  const sort = () => {
    sorting.value = { by, descending: active ? !descending : by !== null && better !== 'low' };
  };
  return (
    <th scope="col" aria-sort={active ? (descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" onClick={sort}>
        {title}
        {better && <span aria-hidden="true"> {better === 'low' ? '↓' : '↑'}</span>}
        {better && <span class="unseen">, {better} is better</span>}
      </button>
    </th>
  );
}
