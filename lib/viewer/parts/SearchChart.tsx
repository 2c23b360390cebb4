import * as Plot from '@observablehq/plot';
import type { Signal } from '@preact/signals';
import { useCallback } from 'preact/hooks';
import { percent } from '../../report/numbers';
import type { SearchDocument } from '../../report/page/document';
import { Chart } from './Chart';

interface SearchChartProps {
  search: SearchDocument;
  /** Probability of the class on the clip. */
  original: number;
  /** Whether the masks were to take the class away. */
  deletes: boolean;
  /** Which of the masks is shown. */
  shown: Signal<number>;
}

/** How probable the class is on masks of every size that was found, and a slider that shows each of them. */
export function SearchChart({ search, original, deletes, shown }: SearchChartProps) {
  const { tried, keep, found, chosen } = search;
  const at = shown.value;
  const bound = (deletes ? 1 - keep : keep) * original;
  const highest = Math.max(original, ...tried.map(({ probability }) => probability));
  const top = highest > 0.2 ? 1 : highest; // a class that is hardly there would lie on the axis
  const asked = deletes
    ? `${percent(keep)} less than on the clip (${percent(original)}): what was asked for`
    : `${percent(keep)} of the ${percent(original)} on the clip: what was asked for`;
  const drawn = tried.filter(({ area }) => area > 0); // which a logarithmic axis cannot show
  const options = useCallback(
    (): Plot.PlotOptions => ({
      height: 210,
      marginLeft: 48,
      marginBottom: 42,
      marginRight: 12,
      x: {
        type: 'log',
        label: 'share of the clip',
        labelArrow: 'none',
        labelOffset: 38,
        ticks: 4,
        tickFormat: share,
      },
      y: { label: null, grid: true, domain: [0, top], ticks: 5, tickFormat: share },
      marks: [
        Plot.ruleY([bound], { stroke: 'var(--second)', strokeDasharray: '4 3' }),
        Plot.lineY(drawn, { x: 'area', y: 'probability', stroke: 'var(--first)', strokeWidth: 2 }),
        Plot.dot(drawn, {
          x: 'area',
          y: 'probability',
          fill: 'var(--first)',
          r: (one) => (one === tried[at] ? 6 : 3),
        }),
      ],
    }),
    [tried, bound, top, at],
  );
  const { area, probability } = tried[at]!;
  return (
    <figure class="panel" data-part="search">
      <figcaption>
        <h2>{deletes ? 'How little it takes' : 'How little is enough'}</h2>
        <p class="legend">
          <span class="first">probability of the class {deletes ? 'without the mask' : 'on the mask'}</span>
          <span class="second">{asked}</span>
        </p>
      </figcaption>
      <Chart label="Probability of the class on masks of every size that was found" options={options} />
      <label class="row slider">
        <span>
          {at === chosen
            ? found
              ? 'The smallest that is enough'
              : 'None is enough; this one comes closest'
            : 'Mask'}
        </span>
        <output>
          {percent(area)} of the clip: {percent(probability)}
        </output>
        <input
          type="range"
          min={0}
          max={tried.length - 1}
          step={1}
          value={at}
          aria-label="Size of the mask"
          onInput={(event) => {
            shown.value = Number(event.currentTarget.value);
          }}
        />
      </label>
      <p class="note small">Prediction and energy below are those of the explanation's own mask.</p>
    </figure>
  );
}

function share(value: number): string {
  return `${Number((100 * value).toPrecision(2))} %`;
}
