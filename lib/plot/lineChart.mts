import * as Plot from '@observablehq/plot';
import { curveColour } from './chart.mjs';
import type { LineChart } from './types.js';

const WIDTH = 820;
const LEGEND = 250;
const LEGEND_LINE = 22;
const HEIGHT = 480;

/** Curves over a share from 0 to 1, each with its band, and a legend on the right. */
export function lineChart({ title, subtitle, x, y, curves }: LineChart): Plot.PlotOptions {
  const marks = curves.flatMap(({ points, dashed }, i): Plot.Markish[] => {
    const colour = curveColour(i);
    return [
      Plot.areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.12 }),
      Plot.lineY(points, {
        x: 'x',
        y: 'y',
        stroke: colour,
        strokeWidth: 1.8,
        ...(dashed && { strokeDasharray: '5 4' }),
      }),
    ];
  });
  const legend = curves.flatMap(({ name, note, dashed }, i): Plot.Markish[] => {
    const place = { frameAnchor: 'top-right', dy: i * LEGEND_LINE } as const;
    const swatch = dashed ? { stroke: curveColour(i), strokeWidth: 2 } : { fill: curveColour(i) };
    return [
      Plot.dot([name], { ...place, dx: 20, r: 5, ...swatch }),
      Plot.text([`${name}  ${note}`], { ...place, dx: 32, textAnchor: 'start', lineAnchor: 'middle' }),
    ];
  });
  const axis = { domain: [0, 1], tickFormat: '.0%', labelArrow: 'none' } as const;
  return {
    width: WIDTH,
    height: Math.max(HEIGHT, TOP + 40 + curves.length * LEGEND_LINE),
    marginTop: TOP,
    marginRight: LEGEND,
    marginLeft: 64,
    marginBottom: 44,
    x: { ...axis, label: x, labelAnchor: 'center' },
    y: { ...axis, label: y, labelAnchor: 'center', grid: true },
    marks: [...heading(title, subtitle), Plot.ruleY([0]), ...marks, ...legend],
  };
}

/** Space above the frame for the heading and the axis label. */
const TOP = 72;

function heading(title: string, subtitle: string): Plot.Markish[] {
  const place = { frameAnchor: 'top-left', textAnchor: 'start', lineAnchor: 'top', dx: -56 } as const;
  return [
    Plot.text([title], { ...place, dy: -TOP + 8, fontSize: 17 }),
    Plot.text([subtitle], { ...place, dy: -TOP + 34, fill: '#5d636e' }),
  ];
}
