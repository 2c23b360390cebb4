import type { PlotOptions } from '@observablehq/plot';
import * as Plot from '@observablehq/plot';
import { useEffect, useRef, useState } from 'preact/hooks';

/** A chart with its scales, as Plot returns it. */
export type DrawnChart = ReturnType<typeof Plot.plot>;

interface ChartProps {
  /** What is to be seen, for those who cannot see it. */
  label: string;
  /** What to draw into a width; it is drawn anew when this function is another one. */
  options: (width: number) => PlotOptions;
  /** Called with every drawing; what it returns is called before the next. */
  onDraw?: (chart: DrawnChart) => (() => void) | undefined;
  class?: string;
}

/** A chart as wide as its place. */
export function Chart({ label, options, onDraw, class: name = '' }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!place.current) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!place.current || width < 80) return;
    const chart = Plot.plot({ ...options(width), width, style: { fontSize: '12px', overflow: 'visible' } });
    // The picture has one name; those that Plot gives to its parts would be read out of any context.
    for (const part of chart.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
    chart.setAttribute('role', 'img');
    chart.setAttribute('aria-label', label);
    place.current.replaceChildren(chart);
    return onDraw?.(chart);
  }, [options, width, label, onDraw]);
  return <div ref={place} class={`chart ${name}`} />;
}
