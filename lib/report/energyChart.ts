import { significant } from './numbers';
import type { EnergyPoint } from './types';

const WIDTH = 640;
const HEIGHT = 240;
const LEFT = 56;
const BOTTOM = 30;
const TOP = 12;
const MAX_POINTS = 400;

type Term = 'reward' | 'area' | 'core';
const TERMS: [Term, string][] = [
  ['reward', 'reward (−log Φ)'],
  ['area', 'area'],
  ['core', 'core'],
];

/** The course of the energy as inline SVG, one line per term; empty where there are not two points. */
export function energyChart(energy: EnergyPoint[]): string {
  const points = thinned(energy.filter((point) => TERMS.every(([term]) => Number.isFinite(point[term]))));
  if (points.length < 2) return '';
  const terms = TERMS.filter(([term]) => term !== 'core' || points.some((point) => point.core !== 0));
  const highest = Math.max(...points.flatMap((point) => terms.map(([term]) => point[term])), 1e-9);
  const [first, last] = [points[0]!.iteration, points.at(-1)!.iteration];
  const x = (iteration: number) =>
    LEFT + ((iteration - first) / Math.max(last - first, 1)) * (WIDTH - LEFT - 8);
  const y = (value: number) => HEIGHT - BOTTOM - (Math.max(value, 0) / highest) * (HEIGHT - BOTTOM - TOP);
  const lines = terms.map(([term]) => {
    const path = points
      .map((point) => `${x(point.iteration).toFixed(1)},${y(point[term]).toFixed(1)}`)
      .join(' ');
    return `<polyline class="line ${term}" points="${path}"/>`;
  });
  return [
    `<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Energy over the iterations">`,
    ...horizontalLines(highest, y),
    ...lines,
    `<text x="${LEFT}" y="${HEIGHT - 8}">${first}</text>`,
    `<text x="${WIDTH - 8}" y="${HEIGHT - 8}" text-anchor="end">iteration ${last}</text>`,
    '</svg>',
    `<p class="legend">${terms.map(([term, name]) => `<span class="${term}">${name}</span>`).join('')}</p>`,
  ].join('\n');
}

function horizontalLines(highest: number, y: (value: number) => number): string[] {
  return [0, 0.5, 1].map((share) => {
    const height = y(share * highest).toFixed(1);
    const label = `<text x="${LEFT - 8}" y="${height}" dy="4" text-anchor="end">${significant(share * highest)}</text>`;
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - 8}" y1="${height}" y2="${height}"/>${label}`;
  });
}

/** At most `MAX_POINTS`, evenly chosen, the last always among them. */
function thinned(energy: EnergyPoint[]): EnergyPoint[] {
  if (energy.length <= MAX_POINTS) return energy;
  const step = (energy.length - 1) / (MAX_POINTS - 1);
  return Array.from({ length: MAX_POINTS }, (_, i) => energy[Math.round(i * step)]!);
}
