import * as Plot from '@observablehq/plot';
import { useCallback } from 'preact/hooks';
import { percent } from '../../report/numbers';
import type { ClassBars } from '../../report/page/document';
import { Chart } from './Chart';

/** The model's probabilities on the clip and on what the mask keeps. */
export function PredictionChart({ classes, target }: { classes: ClassBars[]; target: string }) {
  const options = useCallback((): Plot.PlotOptions => {
    const bars = classes.flatMap(({ name, original, explained }) => [
      { name, when: 'clip', value: original },
      { name, when: 'kept', value: explained },
    ]);
    return {
      height: 30 + 52 * classes.length,
      marginLeft: 8,
      marginRight: 62,
      marginTop: 4,
      x: { domain: [0, 1], tickFormat: '.0%', ticks: 5, label: null, grid: true },
      y: { axis: null, domain: ROWS, padding: 0.12 },
      fy: { domain: classes.map(({ name }) => name), axis: null, padding: 0.1 },
      color: { domain: ['clip', 'kept'], range: ['var(--muted)', 'var(--first)'] },
      marks: [
        Plot.text(classes, {
          y: () => 'name',
          fy: 'name',
          frameAnchor: 'left',
          lineAnchor: 'middle',
          text: ({ name }: ClassBars) => (name === target ? `${name} · explained` : name),
          fontSize: 12.5,
          fontWeight: 600,
        }),
        Plot.barX(bars, { ...bar, fill: 'when' }),
        Plot.text(bars, {
          x: 'value',
          y: 'when',
          fy: 'name',
          text: ({ value }: { value: number }) => percent(value),
          textAnchor: 'start',
          dx: 5,
          fontSize: 11,
        }),
      ],
    };
  }, [classes, target]);
  if (classes.length === 0) return null;
  return (
    <figure class="panel">
      <figcaption>
        <h2>Prediction</h2>
        <p class="legend">
          <span class="muted">on the clip</span>
          <span class="first">on what the mask keeps</span>
        </p>
      </figcaption>
      <Chart label={`Probabilities: ${describe(classes)}`} options={options} />
    </figure>
  );
}

/** The rows of a class: its name and two bars. */
const ROWS = ['name', 'clip', 'kept'];

const bar = { x: 'value', y: 'when', fy: 'name', rx: 1.5 } as const;

function describe(classes: ClassBars[]): string {
  return classes
    .map(({ name, original, explained }) => `${name} ${percent(original)}, then ${percent(explained)}`)
    .join('; ');
}
