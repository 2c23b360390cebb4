import type { PlotOptions } from '@observablehq/plot';
import * as Plot from '@observablehq/plot';
import { useEffect, useRef, useState } from 'preact/hooks';

/** A chart with its scales, as returned by Plot. */
export type DrawnChart = ReturnType<typeof Plot.plot>;

interface ChartProps {
  /** Text alternative for screen readers. */
  label: string;
  /** The chart for a width; a new function redraws it. */
  options: (width: number) => PlotOptions;
  /** Called after each drawing; the function it returns is called before the next one. */
  onDraw?: (chart: DrawnChart) => (() => void) | undefined;
  class?: string;
}

/** A chart that fills the width of its container. */
export function Chart({ label, options, onDraw, class: name = '' }: ChartProps) {
  const container = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!container.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(container.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!container.current || width < 80) return;
    const chart = Plot.plot({ ...options(width), width, style: { fontSize: '12px', overflow: 'visible' } });
    // The chart has a single label; Plot's labels of its marks would be read out without context.
    for (const element of chart.querySelectorAll('[aria-label]')) element.removeAttribute('aria-label');
    chart.setAttribute('role', 'img');
    chart.setAttribute('aria-label', label);
    container.current.replaceChildren(chart);
    return onDraw?.(chart);
  }, [options, width, label, onDraw]);
  return <div ref={container} class={`chart ${name}`} />;
}
