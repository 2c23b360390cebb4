import * as Plot from '@observablehq/plot';
import { curveColour } from './chart.mjs';
import type { HeatPanel, LinePanel, ScatterPanel } from './types.js';

const QUIET = '#5d636e';
const PAPER = '#ffffff';
const TOP = 64;
const LEFT = 80;

/** A heading above a panel's frame. */
function heading(title: string, subtitle: string): Plot.Markish[] {
  const place = { frameAnchor: 'top-left', textAnchor: 'start', lineAnchor: 'top', dx: -LEFT + 8 } as const;
  return [
    Plot.text([title], { ...place, dy: -TOP + 4, fontSize: 16 }),
    Plot.text([subtitle], { ...place, dy: -TOP + 26, fill: QUIET }),
  ];
}

/** Curves with shaded, named bands of x and a legend inside the frame. */
export function linePanel({
  title,
  subtitle,
  width,
  height,
  x,
  y,
  lines,
  bands = [],
  legend = 'top',
}: LinePanel) {
  const axis = { labelArrow: 'none', labelAnchor: 'center' } as const;
  return {
    width,
    height,
    marginTop: TOP,
    marginLeft: LEFT,
    marginBottom: 46,
    marginRight: 20,
    x: { ...axis, ...x },
    y: { ...axis, grid: true, ...y },
    marks: [
      ...heading(title, subtitle),
      Plot.rect(bands, { x1: 'from', x2: 'to', fill: '#0072b2', fillOpacity: 0.07 }),
      Plot.text(bands, {
        x: ({ from, to }: Band) => (from + to) / 2,
        text: 'name',
        frameAnchor: 'bottom',
        dy: -8,
        fill: QUIET,
      }),
      ...lines.flatMap(({ name, points, dashed }, i): Plot.Markish[] => [
        Plot.lineY(points, {
          x: 'x',
          y: 'y',
          stroke: curveColour(i),
          strokeWidth: 1.8,
          ...(dashed && { strokeDasharray: '5 4' }),
        }),
        ...(points.length <= MAX_DOTS
          ? [Plot.dot(points, { x: 'x', y: 'y', r: 2.5, fill: curveColour(i) })]
          : []),
        ...legendLine(name, legend === 'top' ? 14 + 20 * i : -30 - 20 * (lines.length - 1 - i), i, legend),
      ]),
    ],
  } satisfies Plot.PlotOptions;
}

type Band = NonNullable<LinePanel['bands']>[number];

/** A curve with more points is drawn without dots. */
const MAX_DOTS = 32;

function legendLine(name: string, dy: number, i: number, at: 'top' | 'bottom'): Plot.Markish[] {
  const place = { frameAnchor: `${at}-right`, dy } as const;
  const halo = { stroke: PAPER, strokeWidth: 4 };
  return [
    Plot.dot([name], { ...place, dx: -14, r: 4.5, fill: curveColour(i) }),
    Plot.text([name], {
      ...place,
      ...halo,
      dx: -26,
      textAnchor: 'end',
      lineAnchor: 'middle',
      fill: '#181a1f',
    }),
  ];
}

/** A heat map of shares on a logarithmic colour scale, with the outlines of the bands A and B. */
export function heatPanel({ title, subtitle, width, height, x, y, cells, low, high, least }: HeatPanel) {
  const axis = { domain: [0, 1], labelArrow: 'none', labelAnchor: 'center', ticks: 5 } as const;
  const outline = { stroke: PAPER, strokeWidth: 2.2 };
  const mark = { fill: PAPER, stroke: '#181a1f', strokeWidth: 3, fontSize: 15 };
  return {
    width,
    height,
    marginTop: TOP,
    marginLeft: LEFT,
    marginBottom: 46,
    marginRight: 20,
    x: { ...axis, label: x },
    y: { ...axis, label: y },
    color: { type: 'log', scheme: 'inferno', domain: [least, 1], clamp: true },
    marks: [
      ...heading(title, subtitle),
      Plot.rect(cells, {
        x1: 'x1',
        x2: 'x2',
        y1: 'y1',
        y2: 'y2',
        inset: -0.3,
        fill: ({ share }: HeatPanel['cells'][number]) => Math.max(share, least),
      }),
      ...(low.x > 0
        ? [
            Plot.rect([low], { x1: 0, x2: 'x', y1: 0, y2: 'y', ...outline }),
            Plot.text(['A'], { x: low.x, y: low.y, dx: -10, dy: 12, ...mark }),
          ]
        : []),
      ...(high.x < 1 || high.y < 1
        ? [
            Plot.line(
              [
                { x: 0, y: high.y },
                { x: high.x, y: high.y },
                { x: high.x, y: 0 },
              ],
              { x: 'x', y: 'y', ...outline, strokeDasharray: '6 4' },
            ),
            Plot.text(['B'], { frameAnchor: 'top-right', dx: -12, dy: 14, ...mark }),
          ]
        : []),
    ],
  } satisfies Plot.PlotOptions;
}

/** The colour scale of `heatPanel`. */
export function heatScale(width: number, least: number, label: string): Plot.PlotOptions {
  const decades = Math.log10(1 / least);
  const count = 120;
  const cells = Array.from({ length: count }, (_, i) => ({
    from: least * 10 ** ((decades * i) / count),
    to: least * 10 ** ((decades * (i + 1)) / count),
  }));
  return {
    width,
    height: 58,
    marginTop: 4,
    marginLeft: LEFT,
    marginRight: 20,
    marginBottom: 42,
    x: {
      type: 'log',
      domain: [least, 1],
      label,
      labelArrow: 'none',
      labelAnchor: 'center',
      tickFormat: shareOf,
    },
    y: { axis: null, domain: [0, 1] },
    color: { type: 'log', scheme: 'inferno', domain: [least, 1] },
    marks: [Plot.rect(cells, { x1: 'from', x2: 'to', y1: 0, y2: 1, fill: 'from', inset: -0.3 })],
  };
}

/** Formats a share as e.g. `0.01 %`, without trailing zeros. */
export function shareOf(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

const centred = { textAnchor: 'middle', lineAnchor: 'middle' } as const;

const LEGEND = 220;
const LEGEND_LINE = 44;

/** Numbered dots over a plane of shares, zoomed to the range of the dots. */
export function scatterPanel({ title, subtitle, width, height, x, y, dots }: ScatterPanel) {
  const axis = { labelArrow: 'none', labelAnchor: 'center', grid: true, ticks: 6 } as const;
  const colour = ({ control }: ScatterPanel['dots'][number]) => curveColour(control ? 1 : 0);
  return {
    width,
    height,
    marginTop: TOP,
    marginLeft: LEFT,
    marginBottom: 46,
    marginRight: LEGEND,
    x: { ...axis, label: x, domain: paddedRange(dots.map((dot) => dot.x)), tickFormat: shareOf },
    y: { ...axis, ...y, domain: paddedRange(dots.map((dot) => dot.y)) },
    marks: [
      ...heading(title, subtitle),
      Plot.dot(dots, { x: 'x', y: 'y', r: 11, fill: colour, stroke: PAPER, strokeWidth: 1.5 }),
      Plot.text(dots, { x: 'x', y: 'y', text: (_, i) => String(i + 1), fill: PAPER, fontSize: 12 }),
      ...dots.flatMap((dot, i): Plot.Markish[] => {
        const place = { frameAnchor: 'top-right', dy: 10 + i * LEGEND_LINE } as const;
        const text = { ...place, dx: 44, textAnchor: 'start' } as const;
        return [
          Plot.dot([dot], { ...place, dx: 24, r: 11, fill: colour(dot) }),
          Plot.text([String(i + 1)], { ...place, ...centred, dx: 24, fill: PAPER, fontSize: 12 }),
          Plot.text([dot.name], { ...text, dy: 3 + i * LEGEND_LINE }),
          Plot.text([dot.note], { ...text, dy: 20 + i * LEGEND_LINE, fill: QUIET }),
        ];
      }),
    ],
  } satisfies Plot.PlotOptions;
}

/** The range of the values with padding, clamped to [0, 1] unless values are negative. */
function paddedRange(values: readonly number[]): [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const padding = Math.max(0.15 * (most - least), 0.01);
  return [least >= 0 ? Math.max(least - padding, 0) : least - padding, Math.min(most + padding, 1)];
}
