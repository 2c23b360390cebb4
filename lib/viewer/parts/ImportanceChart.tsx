import * as Plot from '@observablehq/plot';
import { effect } from '@preact/signals';
import { useCallback } from 'preact/hooks';
import type { LoadedMask } from '../data/load';
import type { Look } from '../state/look';
import type { Playback } from '../state/playback';
import { Chart, type DrawnChart } from './Chart';

interface ImportanceChartProps {
  mask: LoadedMask;
  playback: Playback;
  look: Look;
}

/** How much of each frame the mask keeps. A line marks the current frame; a click or drag seeks to another. */
export function ImportanceChart({ mask, playback, look }: ImportanceChartProps) {
  const { histogram } = mask;
  const threshold = look.threshold.value;
  const options = useCallback(
    (width: number) => {
      const points = Array.from({ length: histogram.frames }, (_, t) => ({
        frame: t + 1,
        mean: histogram.meanOf(t),
        area: histogram.areaOf(t, threshold),
      }));
      return {
        height: 170,
        marginLeft: 44,
        marginBottom: 42,
        marginRight: 8,
        x: {
          label: 'frame',
          labelArrow: 'none',
          labelOffset: 38,
          ticks: Math.min(histogram.frames, Math.floor(width / 50)),
          tickFormat: 'd',
        },
        y: { label: null, tickFormat: '.0%', grid: true, zero: true, ticks: 4 },
        marks: [
          Plot.areaY(points, {
            x: 'frame',
            y: 'mean',
            fill: 'var(--first)',
            fillOpacity: 0.14,
            curve: 'monotone-x',
          }),
          Plot.lineY(points, {
            x: 'frame',
            y: 'mean',
            stroke: 'var(--first)',
            strokeWidth: 2,
            curve: 'monotone-x',
          }),
          Plot.lineY(points, {
            x: 'frame',
            y: 'area',
            stroke: 'var(--second)',
            strokeWidth: 2,
            strokeDasharray: '5 4',
            curve: 'monotone-x',
          }),
          Plot.ruleY([0], { strokeOpacity: 0.4 }),
          Plot.ruleX([1], { className: 'now', stroke: 'currentColor', strokeWidth: 1.5 }),
        ],
      } satisfies Plot.PlotOptions;
    },
    [histogram, threshold],
  );
  const onDraw = useCallback((chart: DrawnChart) => linkToPlayback(chart, playback), [playback]);
  return (
    <figure class="panel">
      <figcaption>
        <h2>Importance over time</h2>
        <p class="legend">
          <span class="first">mean of the mask</span>
          <span class="second dashed">share with M ≥ {threshold.toFixed(2)}</span>
        </p>
      </figcaption>
      <Chart
        label="How much of each frame the mask keeps"
        options={options}
        onDraw={onDraw}
        class="seekable"
      />
    </figure>
  );
}

/** Moves the line with the current frame, and seeks on pointer events. @returns stops following the playback */
function linkToPlayback(chart: DrawnChart, playback: Playback): () => void {
  const x = chart.scale('x')!;
  const line =
    chart.querySelector('.now line') ?? chart.querySelector('line.now') ?? chart.querySelector('.now');
  const stop = effect(() => {
    const place = String(x.apply(playback.frame.value + 1));
    line?.setAttribute('x1', place);
    line?.setAttribute('x2', place);
  });
  const choose = (event: PointerEvent) => {
    if (event.type === 'pointermove' && event.buttons === 0) return;
    const box = chart.getBoundingClientRect();
    const width = Number(chart.getAttribute('width'));
    playback.seek(Math.round(Number(x.invert!(((event.clientX - box.left) * width) / box.width))) - 1);
  };
  const pointer = chart as unknown as HTMLElement;
  pointer.addEventListener('pointerdown', choose);
  pointer.addEventListener('pointermove', choose);
  return stop;
}
