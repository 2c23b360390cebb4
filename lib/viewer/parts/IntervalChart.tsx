import * as Plot from '@observablehq/plot';
import { useCallback } from 'preact/hooks';
import type { MetricDocument, RowDocument } from '../../report/page/document';
import { Chart } from './Chart';

interface IntervalChartProps {
  rows: RowDocument[];
  metric: MetricDocument;
}

/** One metric of all methods: means with 95 % intervals. */
export function IntervalChart({ rows, metric }: IntervalChartProps) {
  const options = useCallback((): Plot.PlotOptions => {
    const points = rows.flatMap(({ method, control, metrics }) => {
      const { mean = null, low = null, high = null } = metrics[metric.name] ?? {};
      return mean === null ? [] : [{ method, control, mean, low: low ?? mean, high: high ?? mean }];
    });
    const place = { y: 'method', sort: null } as const;
    const stroke = ({ control }: { control: boolean }) => (control ? 'var(--muted)' : 'var(--first)');
    return {
      height: 40 + 26 * points.length,
      marginLeft: 150,
      marginRight: 16,
      x: { tickFormat: '.0%', grid: true, nice: true, label: null, ticks: 6 },
      y: { domain: points.map(({ method }) => method), label: null, tickSize: 0 },
      marks: [
        Plot.ruleY(points, { ...place, x1: 'low', x2: 'high', stroke, strokeWidth: 3, strokeOpacity: 0.4 }),
        Plot.dot(points, { ...place, x: 'mean', fill: stroke, r: 5 }),
      ],
    };
  }, [rows, metric]);
  return <Chart label={`${metric.title} of all methods, with 95 % intervals`} options={options} />;
}
