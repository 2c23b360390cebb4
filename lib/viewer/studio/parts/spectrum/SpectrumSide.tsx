import { BARS, scaleOf } from './layout';
import type { AxisEdges } from './SpectrumBands';

interface SpectrumSideProps {
  /** Of each frequency of the axis. */
  shares: number[];
  edges: AxisEdges;
  length: number;
}

/** The energy along one axis as bars, bright where a band reaches. */
export function SpectrumSide({ shares, edges, length }: SpectrumSideProps) {
  const size = length / shares.length;
  const scale = scaleOf(shares);
  return (
    <g class="side">
      {shares.map((share, i) => {
        const middle = (i + 0.5) / shares.length;
        const height = BARS * scale(share);
        return (
          <rect
            key={i}
            class={middle < edges.low || middle > edges.high ? 'in' : 'out'}
            x={i * size + 0.5}
            y={BARS - height}
            width={Math.max(size - 1, 0.5)}
            height={height}
          />
        );
      })}
    </g>
  );
}
