import { useMemo } from 'preact/hooks';
import type { FrequencyBands } from '../../../../methods/modulation';
import { edgesOf, type LoadedSpectrum, planeOf } from '../../data/spectrum';
import { AXIS, BARS, GAP, HEIGHT, WIDTH } from './layout';
import { SpectrumBands } from './SpectrumBands';
import { SpectrumCells } from './SpectrumCells';
import { SpectrumSide } from './SpectrumSide';

interface SpectrumPictureProps {
  spectrum: LoadedSpectrum;
  bands: FrequencyBands;
  label: string;
}

/** At the right of the plane, from the bottom up, bars to the right. */
const UPRIGHT = `translate(${AXIS + WIDTH + GAP} ${BARS + GAP + HEIGHT}) rotate(-90) scale(1 -1) translate(0 ${-BARS})`;

/**
 * The plane of spatial and temporal frequencies: bright is much energy. At its sides the same along each axis. A band's edges
 * lie where the grid lets them, not exactly at r_l and 1 − r_h.
 */
export function SpectrumPicture({ spectrum, bands, label }: SpectrumPictureProps) {
  const plane = useMemo(() => planeOf(spectrum), [spectrum]);
  const [temporal, height, width] = edgesOf(spectrum, bands);
  const [frames, rows, columns] = spectrum.shape;
  const spatial = rows > columns ? height : width; // rings are as many as the longer side has frequencies
  const rings = Math.max(rows, columns);
  const x = { low: spatial.low / rings, high: spatial.high / rings };
  const y = { low: temporal.low / frames, high: temporal.high / frames };
  const cells = useMemo(() => <SpectrumCells plane={plane} />, [plane]);
  return (
    <svg
      viewBox={`0 0 ${AXIS + WIDTH + GAP + BARS} ${BARS + GAP + HEIGHT + AXIS}`}
      role="img"
      aria-label={label}
    >
      <g transform={`translate(${AXIS} ${BARS + GAP})`}>
        {cells}
        <SpectrumBands x={x} y={y} />
        <Axes />
      </g>
      <g transform={`translate(${AXIS} 0)`}>
        <SpectrumSide shares={sumsDown(plane)} edges={x} length={WIDTH} />
      </g>
      <g transform={UPRIGHT}>
        <SpectrumSide shares={sumsAcross(plane)} edges={y} length={HEIGHT} />
      </g>
    </svg>
  );
}

function Axes() {
  return (
    <g class="axes">
      {[0, 0.5, 1].map((ratio) => (
        <g key={ratio}>
          <text x={ratio * WIDTH} y={HEIGHT + 15} text-anchor="middle">
            {ratio}
          </text>
          <text x={-6} y={(1 - ratio) * HEIGHT + 4} text-anchor="end">
            {ratio}
          </text>
        </g>
      ))}
      <text x={WIDTH / 2} y={HEIGHT + 32} text-anchor="middle">
        spatial frequency →
      </text>
      <text transform={`translate(-30 ${HEIGHT / 2}) rotate(-90)`} text-anchor="middle">
        temporal frequency →
      </text>
    </g>
  );
}

function sumsDown(plane: number[][]): number[] {
  return plane[0]!.map((_, ring) => plane.reduce((sum, row) => sum + row[ring]!, 0));
}

function sumsAcross(plane: number[][]): number[] {
  return plane.map((row) => row.reduce((sum, share) => sum + share, 0));
}
