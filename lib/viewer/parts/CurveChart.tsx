import * as Plot from '@observablehq/plot';
import { useSignal } from '@preact/signals';
import { useCallback } from 'preact/hooks';
import { Chart } from './Chart';

export interface NamedCurve {
  name: string;
  /** Text after the name in the legend. */
  note: string;
  dashed: boolean;
  points: { x: number; y: number; low?: number; high?: number }[];
}

interface CurveChartProps {
  title: string;
  curves: NamedCurve[];
  /** Axis labels; both axes run from 0 to 1. */
  x: string;
  y: string;
}

/** Okabe and Ito's colours, which the colour-blind can distinguish; black follows the theme. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#56b4e9', '#cc79a7', '#b8a900', 'currentColor'];

export function curveColour(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

/** Curves over a share, with their bands if given; a click on the legend highlights one. */
export function CurveChart({ title, curves, x, y }: CurveChartProps) {
  const chosen = useSignal<string | null>(null);
  const marked = chosen.value;
  const options = useCallback(
    (): Plot.PlotOptions => ({
      height: 312,
      marginTop: 34,
      marginLeft: 44,
      marginRight: 12,
      marginBottom: 38,
      x: { domain: [0, 1], tickFormat: '.0%', label: x, labelArrow: 'none', labelAnchor: 'center', ticks: 5 },
      y: { domain: [0, 1], tickFormat: '.0%', label: y, labelArrow: 'none', grid: true, ticks: 5 },
      marks: [
        Plot.ruleY([0], { strokeOpacity: 0.4 }),
        ...curves.flatMap((curve, i) => marksOf(curve, i, marked, curves.length <= MAX_BANDS)),
      ],
    }),
    [curves, x, y, marked],
  );
  const choose = (name: string | null) => () => {
    chosen.value = name;
  };
  return (
    <figure class="panel">
      <figcaption>
        <h2>{title}</h2>
      </figcaption>
      <Chart
        label={`${title}: ${curves.map(({ name, note }) => `${name} ${note}`).join(', ')}`}
        options={options}
      />
      <ul class="keys">
        {curves.map(({ name, note, dashed }, i) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={marked === name}
              onClick={choose(marked === name ? null : name)}
              style={{ '--of': curveColour(i) }}
              class={dashed ? 'dashed' : ''}
            >
              {name} <small>{note}</small>
            </button>
          </li>
        ))}
      </ul>
    </figure>
  );
}

/** More overlapping bands are unreadable; above this number only the highlighted curve shows its band. */
const MAX_BANDS = 3;

function marksOf(
  { name, points, dashed }: NamedCurve,
  i: number,
  marked: string | null,
  allBands: boolean,
): Plot.Markish[] {
  const stroke = curveColour(i);
  const faded = marked !== null && marked !== name;
  const banded = (marked === name || (allBands && !faded)) && points.some(({ low }) => low !== undefined);
  return [
    ...(banded
      ? [
          Plot.areaY(points, {
            x: 'x',
            y1: 'low',
            y2: 'high',
            fill: stroke,
            fillOpacity: marked ? 0.22 : 0.1,
          }),
        ]
      : []),
    Plot.lineY(points, {
      x: 'x',
      y: 'y',
      stroke,
      strokeWidth: marked === name ? 2.8 : 1.8,
      strokeOpacity: faded ? 0.18 : 1,
      ...(dashed && { strokeDasharray: '5 4' }),
    }),
  ];
}
