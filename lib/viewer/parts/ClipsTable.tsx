import { useSignal } from '@preact/signals';
import { percent } from '../../report/numbers';
import { CLIP_ORDERS } from '../../report/page/clipOrder';
import type { BenchClipDocument, MetricDocument, RowDocument } from '../../report/page/document';
import { type RankedClip, rankClips } from '../data/rankClips';
import { Choice } from './Choice';
import { CopyButton } from './CopyButton';

interface ClipsTableProps {
  clips: BenchClipDocument[];
  rows: RowDocument[];
  area: number;
  metrics: MetricDocument[];
  metric: MetricDocument;
}

const TITLES = {
  disagreement: 'most disagreement first',
  worst: 'worst first',
  best: 'best first',
  given: 'order of the data set',
};
const ORDERS = ([...CLIP_ORDERS, 'given'] as const).map((value) => ({ value, title: TITLES[value] }));

/** Rows shown initially. */
const SHOWN = 25;

/** Every method's score on every clip by one metric; by default the clips with most disagreement come first. */
export function ClipsTable({ clips, rows, area, metrics, metric }: ClipsTableProps) {
  const order = useSignal<keyof typeof TITLES>('disagreement');
  const all = useSignal(false);
  const ranked = rankClips({ clips, rows, area, index: metrics.indexOf(metric), metric }, order.value);
  const pages = clips.filter(({ page }) => page !== undefined).length;
  const shown = all.value ? ranked : ranked.slice(0, SHOWN);
  return (
    <>
      <Choice title="Clips" value={order} options={ORDERS} />
      <section class="panel tabular" aria-label="Clips">
        <table>
          <thead>
            <tr>
              <th scope="col">Clip</th>
              <th scope="col">True class</th>
              <th scope="col">Predicted</th>
              {rows.map(({ method }) => (
                <th key={method} scope="col">
                  {method}
                </th>
              ))}
              <th scope="col">Explain it again</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((clip) => (
              <Row key={clip.sample} clip={clip} />
            ))}
          </tbody>
        </table>
      </section>
      <p class="note below">{aboutPages(pages, clips.length)}</p>
      {ranked.length > shown.length && (
        <button
          type="button"
          class="more"
          onClick={() => {
            all.value = true;
          }}
        >
          Show all {ranked.length} clips
        </button>
      )}
    </>
  );
}

function aboutPages(pages: number, clips: number): string {
  const links = 'A clip’s name leads to all of its explanations';
  if (pages === clips) return `${links}.`;
  const kept = pages === 0 ? 'No clip was kept' : `${links} where they were kept: ${pages} of ${clips}`;
  return `${kept}. The command explains any of them again; --keep-clips all keeps every clip.`;
}

function Row({ clip }: { clip: RankedClip }) {
  const { sample, label, target, command, page, values } = clip;
  return (
    <tr>
      <th scope="row">{page ? <a href={page}>{sample}</a> : sample}</th>
      <td>{label}</td>
      <td class={label === target.name ? '' : 'wrong'}>
        {target.name} <small>{percent(target.probability)}</small>
      </td>
      {values.map(({ method, value, goodness }) => (
        <td
          key={method}
          class="heat"
          style={goodness === null ? {} : { '--heat': `${Math.round(100 * goodness)}%` }}
        >
          {value === null ? '–' : (100 * value).toFixed(1)}
        </td>
      ))}
      <td>
        <CopyButton text={command} title={`command that explains ${sample}`} shown="Copy command" />
      </td>
    </tr>
  );
}
