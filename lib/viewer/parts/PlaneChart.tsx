import * as Plot from '@observablehq/plot';
import { useCallback } from 'preact/hooks';
import type { PlaneDocument } from '../../report/page/document';
import { Chart } from './Chart';

/** Fig. 5: a score over r_l and r_h, each as a coloured and labelled dot. */
export function PlaneChart({ plane }: { plane: PlaneDocument }) {
  const title = `${plane.metric === 'stc' ? 'STC' : 'STC@10'}, modulated ${plane.where}`;
  const options = useCallback((): Plot.PlotOptions => {
    const values = plane.dots.map(({ value }) => value);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const highest = Math.max(0.2, ...plane.dots.map(({ y }) => y)) + 0.05;
    const axis = {
      domain: [0, 1],
      labelArrow: 'none',
      labelAnchor: 'center',
      grid: true,
      inset: 18,
    } as const;
    return {
      height: 340,
      marginLeft: 62,
      marginBottom: 38,
      x: { ...axis, label: 'r_l, share of low frequencies kept' },
      y: { ...axis, domain: [0, highest], label: 'r_h, share of high frequencies kept' },
      color: { scheme: 'viridis', domain: [least, most] },
      marks: [
        Plot.dot(plane.dots, { x: 'x', y: 'y', r: 16, fill: 'value' }),
        Plot.text(plane.dots, {
          x: 'x',
          y: 'y',
          text: 'label',
          fontSize: 10.5,
          fill: ({ value }: PlaneDocument['dots'][number]) =>
            value < (least + most) / 2 ? '#ffffff' : '#000000',
        }),
      ],
    };
  }, [plane]);
  return (
    <figure class="panel">
      <figcaption>
        <h2>{title}</h2>
        <p class="note">in %; 3D-EP is the dot at r_l = 1</p>
      </figcaption>
      <Chart label={title} options={options} />
    </figure>
  );
}
