import { drawPanels } from '../plot/chart.mjs';
import { linePanel } from '../plot/panels.mjs';
import type { Departure } from './departure.js';

const SIZE = { width: 820, height: 460 };

/** Draws the departure from Eq. (5) over the iterations as SVG. */
export function drawDeparture(departure: Departure, about: string): string {
  const { iterations, betweenRuns, clamping } = departure;
  const lines = [
    { name: "3D-EP's mask modulated, against F-EP's", points: pointsOf(iterations, betweenRuns) },
    ...(clamping
      ? [
          {
            name: "F-EP's gradients without the clamp",
            points: pointsOf(clamping.iterations, clamping.distance),
          },
        ]
      : []),
  ];
  const highest = Math.max(...lines.flatMap(({ points }) => points.map(({ y }) => y)), 0.1);
  const options = linePanel({
    title: 'Is modulating gradients modulating masks?',
    subtitle: about,
    ...SIZE,
    x: { label: 'iteration', domain: [0, iterations.at(-1) ?? 1] },
    y: { label: "distance, relative to F-EP's distance from its start", domain: [0, 1.25 * highest] },
    lines,
  });
  return drawPanels(SIZE, [{ left: 0, top: 0, options }]);
}

function pointsOf(iterations: readonly number[], distances: readonly number[]) {
  return iterations.map((x, i) => ({ x, y: distances[i]! }));
}
