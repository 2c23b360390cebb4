import * as Plot from '@observablehq/plot';
import type { DotChart } from './types.js';

const WIDTH = 760;
const HEIGHT = 560;
const TOP = 72;

/** Values over a plane of two shares, each as a coloured and labelled dot. */
export function dotChart({ title, subtitle, x, y, dots }: DotChart): Plot.PlotOptions {
  const values = dots.map(({ value }) => value);
  const place = { frameAnchor: 'top-left', textAnchor: 'start', lineAnchor: 'top', dx: -56 } as const;
  const axis = { domain: [0, 1], labelArrow: 'none', labelAnchor: 'center', grid: true } as const;
  const dark = (Math.min(...values) + Math.max(...values)) / 2;
  return {
    width: WIDTH,
    height: HEIGHT,
    marginTop: TOP,
    marginLeft: 64,
    marginBottom: 44,
    marginRight: 40,
    x: { ...axis, label: x, inset: 20 },
    y: { ...axis, label: y, inset: 20 },
    color: { scheme: 'viridis', domain: [Math.min(...values), Math.max(...values)] },
    marks: [
      Plot.text([title], { ...place, dy: -TOP + 8, fontSize: 17 }),
      Plot.text([subtitle], { ...place, dy: -TOP + 34, fill: '#5d636e' }),
      Plot.dot(dots, { x: 'x', y: 'y', r: 17, fill: 'value' }),
      Plot.text(dots, {
        x: 'x',
        y: 'y',
        text: 'label',
        fontSize: 11,
        fill: ({ value }: DotChart['dots'][number]) => (value < dark ? '#ffffff' : '#000000'),
      }),
    ],
  };
}
