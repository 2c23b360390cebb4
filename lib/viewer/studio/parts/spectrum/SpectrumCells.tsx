import { colormap } from '../../../../report/colormap';
import { HEIGHT, scaleOf, WIDTH } from './layout';

/** The shares of a plane T×R as colours; the lowest frequencies are at the bottom left. */
export function SpectrumCells({ plane }: { plane: number[][] }) {
  const [cellHeight, cellWidth] = [HEIGHT / plane.length, WIDTH / plane[0]!.length];
  const scale = scaleOf(plane.flat());
  return (
    <g class="cells" shape-rendering="crispEdges">
      {plane.flatMap((row, k) =>
        row.map((share, ring) => (
          <rect
            key={`${k} ${ring}`}
            x={ring * cellWidth}
            y={HEIGHT - (k + 1) * cellHeight}
            width={cellWidth}
            height={cellHeight}
            fill={colourOf(scale(share))}
          />
        )),
      )}
    </g>
  );
}

/** @param value on the scale from 0 to 1 */
function colourOf(value: number): string {
  const [r, g, b] = colormap('inferno').subarray(3 * Math.round(255 * value));
  return `rgb(${r} ${g} ${b})`;
}
