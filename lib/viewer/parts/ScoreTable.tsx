import type { Signal } from '@preact/signals';
import { percent } from '../../report/numbers';
import type { ComparedDocument, MetricDocument } from '../../report/page/document';
import { type Sorting, scoreOf, sortedBy } from '../data/sorting';
import { SortableHead } from './SortableHead';

interface ScoreTableProps {
  methods: ComparedDocument[];
  metrics: MetricDocument[];
  sorting: Signal<Sorting>;
}

/** All scores of all methods; a click on a heading sorts the table and the grid above. */
export function ScoreTable({ methods, metrics, sorting }: ScoreTableProps) {
  const columns: MetricDocument[] = [{ name: 'kept', title: 'Prob. kept', better: 'high' }, ...metrics];
  return (
    <section class="panel tabular" aria-label="Scores">
      <table>
        <thead>
          <tr>
            <SortableHead title="Method" by={null} sorting={sorting} />
            {columns.map(({ name, title, better }) => (
              <SortableHead key={name} title={title} by={name} better={better} sorting={sorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sortedBy(methods, sorting.value).map((method) => (
            <tr key={method.method} class={method.control ? 'control' : ''}>
              <th scope="row">{method.method}</th>
              {columns.map((column) => (
                <td key={column.name} class={isBest(method, column, methods) ? 'best' : ''}>
                  {cell(scoreOf(method, column.name))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function cell(value: number | null): string {
  return value === null ? '–' : percent(value);
}

/** Whether a method has a column's best value; controls do not count. */
function isBest(
  method: ComparedDocument,
  { name, better }: MetricDocument,
  all: ComparedDocument[],
): boolean {
  const own = scoreOf(method, name);
  if (method.control || own === null || better === null) return false;
  const values = all.flatMap((rival) => (rival.control ? [] : (scoreOf(rival, name) ?? [])));
  return own === (better === 'low' ? Math.min(...values) : Math.max(...values));
}
