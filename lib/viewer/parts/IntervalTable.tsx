import { useSignal } from '@preact/signals';
import type { IntervalDocument, MetricDocument, RowDocument } from '../../report/page/document';
import type { Sorting } from '../data/sorting';
import { SortableHead } from './SortableHead';

interface IntervalTableProps {
  rows: RowDocument[];
  metrics: MetricDocument[];
}

/** Means with 95 % intervals, in %; the best in bold, without counting controls. */
export function IntervalTable({ rows, metrics }: IntervalTableProps) {
  const sorting = useSignal<Sorting>({ by: null, descending: false });
  return (
    <section class="panel tabular" aria-label="Scores">
      <table>
        <thead>
          <tr>
            <SortableHead title="Method" by={null} sorting={sorting} />
            <th scope="col">Clips</th>
            {metrics.map(({ name, title, better }) => (
              <SortableHead key={name} title={title} by={name} better={better} sorting={sorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(rows, sorting.value).map((row) => (
            <tr key={row.method} class={row.control ? 'control' : ''}>
              <th scope="row">{row.method}</th>
              <td>{row.clips}</td>
              {metrics.map((metric) => (
                <td key={metric.name} class={isBest(row, metric, rows) ? 'best' : ''}>
                  <Cell interval={row.metrics[metric.name]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cell({ interval }: { interval: IntervalDocument | undefined }) {
  if (!interval || interval.mean === null) return <>–</>;
  const { mean, low, high } = interval;
  return (
    <>
      {inPercent(mean)}
      {low !== null && high !== null && (
        <small>
          {inPercent(low)} – {inPercent(high)}
        </small>
      )}
    </>
  );
}

function inPercent(share: number): string {
  return (100 * share).toFixed(1);
}

function meanOf(row: RowDocument, by: string): number | null {
  return row.metrics[by]?.mean ?? null;
}

function sorted(rows: RowDocument[], { by, descending }: Sorting): RowDocument[] {
  if (by === null) return rows;
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [meanOf(a, by), meanOf(b, by)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right);
  });
}

/** Whether a row has a column's best mean, as printed; controls do not count. */
function isBest(row: RowDocument, { name, better }: MetricDocument, rows: RowDocument[]): boolean {
  const own = meanOf(row, name);
  if (row.control || own === null || better === null) return false;
  const values = rows.flatMap((rival) => (rival.control ? [] : (meanOf(rival, name) ?? [])));
  const best = better === 'low' ? Math.min(...values) : Math.max(...values);
  return inPercent(own) === inPercent(best);
}
