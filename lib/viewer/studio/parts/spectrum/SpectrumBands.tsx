import { HEIGHT, WIDTH } from './layout';

/** Edges along an axis, as shares of it. */
export interface AxisEdges {
  low: number;
  high: number;
}

/** The outlines of A and B, and hatching over what lies between them and is removed. */
export function SpectrumBands({ x, y }: { x: AxisEdges; y: AxisEdges }) {
  const inner = box(x.low, y.low);
  const outer = box(x.high, y.high);
  const hasLow = x.low > 0 && y.low > 0;
  const hasHigh = x.high < 1 || y.high < 1;
  return (
    <g class="bands">
      <pattern id="removed" width={7} height={7} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0V7" />
      </pattern>
      <path class="removed" fill="url(#removed)" d={`${outer}${inner}`} fill-rule="evenodd" />
      {hasLow && <path class="edge" d={inner} />}
      {hasHigh && <path class="edge" d={`${box(1, 1)}${outer}`} />}
      {hasLow && (
        <text x={6} y={HEIGHT - 8}>
          A
        </text>
      )}
      {hasHigh && (
        <text x={WIDTH - 16} y={17}>
          B
        </text>
      )}
    </g>
  );
}

/** From the lowest frequencies up to these shares of the axes. */
function box(x: number, y: number): string {
  return `M0 ${HEIGHT}H${x * WIDTH}V${(1 - y) * HEIGHT}H0Z`;
}
