import { drawPanels } from '../plot/chart.mjs';
import { heatPanel, heatScale, linePanel, shareOf } from '../plot/panels.mjs';
import { percent } from '../report/numbers.js';
import type { Spectra } from './spectra.js';

const WIDTH = 560;
const HEIGHT = 400;
const SCALE = 64;
const GAP = 20;
/** Smaller shares are drawn as this one. */
const LEAST = 1e-5;
const DECADES = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];

const NAMES = { gradient: '3D-EP', before: 'F-EP, before modulation', after: 'F-EP, after modulation' };

/**
 * Draws the gradients' spectra as SVG: the plane of spatial and temporal frequency before and after modulation with the
 * bands A and B, and the spectrum along each axis.
 */
export function drawSpectra(spectra: Spectra, about: string): string {
  const heats = [spectra.spectra[1]!, spectra.spectra[2]!].map(({ stage, spectrum }) => {
    const { low, high, removed } = spectrum.bands;
    return heatPanel({
      title: NAMES[stage],
      subtitle: `A holds ${percent(low)} of the energy, B ${percent(high)}, neither ${percent(withoutRounding(removed))}`,
      width: WIDTH,
      height: HEIGHT,
      least: LEAST,
      x: 'spatial frequency, the larger of i/H and j/W',
      y: 'temporal frequency, k/T',
      cells: cellsOf(spectrum.joint),
      low: { x: spectra.edges.spatial.low, y: spectra.edges.temporal.low },
      high: { x: spectra.edges.spatial.high, y: spectra.edges.temporal.high },
    });
  });
  const scale = heatScale(WIDTH, LEAST, `share of the gradient's energy in a cell`);
  const [left, right] = heats;
  const bottom = HEIGHT + SCALE + GAP;
  return drawPanels({ width: 2 * WIDTH + GAP, height: 2 * HEIGHT + SCALE + GAP }, [
    { left: 0, top: 0, options: left! },
    { left: WIDTH + GAP, top: 0, options: right! },
    { left: 0, top: HEIGHT + 8, options: scale },
    { left: 0, top: bottom, options: axisPanel(spectra, 'spatial', about) },
    { left: WIDTH + GAP, top: bottom, options: axisPanel(spectra, 'temporal', about) },
  ]);
}

/** Zeroes the rounding error that modulation leaves in removed frequencies. */
function withoutRounding(share: number): number {
  return share < 1e-9 ? 0 : share;
}

function cellsOf(joint: number[][]) {
  return joint.flatMap((row, k) =>
    row.map((share, r) => ({
      x1: r / row.length,
      x2: (r + 1) / row.length,
      y1: k / joint.length,
      y2: (k + 1) / joint.length,
      share,
    })),
  );
}

const AXES = {
  spatial: { title: 'Over space', label: 'spatial frequency, the larger of i/H and j/W' },
  temporal: { title: 'Over time', label: 'temporal frequency, k/T' },
} as const;

function axisPanel({ spectra, edges, iterations }: Spectra, axis: 'spatial' | 'temporal', about: string) {
  const { title, label } = AXES[axis];
  const { low, high } = edges[axis];
  return linePanel({
    title,
    subtitle: axis === 'spatial' ? about : `mean of ${iterations.length} iterations, ${range(iterations)}`,
    width: WIDTH,
    height: HEIGHT,
    x: { label, domain: [0, 1] },
    y: {
      label: "share of the gradient's energy",
      type: 'log',
      domain: [LEAST, 1],
      ticks: DECADES,
      tickFormat: shareOf,
    },
    lines: spectra.map(({ stage, spectrum }) => ({
      name: NAMES[stage],
      dashed: stage === 'gradient',
      points: spectrum[axis].map((share, i, { length }) => ({
        x: (i + 0.5) / length,
        y: share >= LEAST ? share : Number.NaN,
      })),
    })),
    legend: 'bottom',
    bands: [
      ...(low > 0 ? [{ name: 'A', from: 0, to: low }] : []),
      ...(high < 1 ? [{ name: 'B', from: high, to: 1 }] : []),
    ],
  });
}

function range(iterations: readonly number[]): string {
  return `${iterations[0]} to ${iterations.at(-1)}`;
}
