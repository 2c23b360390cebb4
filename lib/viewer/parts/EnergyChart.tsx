import * as Plot from '@observablehq/plot';
import { useCallback } from 'preact/hooks';
import type { EnergyPoint } from '../../report/energyPoint';
import { Chart } from './Chart';

const TERMS = [
  { term: 'reward', name: 'reward, −log Φ', colour: 'first' },
  { term: 'area', name: 'area', colour: 'second' },
  { term: 'core', name: 'core', colour: 'third' },
] as const;

/** The weighted energies over the iterations; renders nothing for fewer than two points. */
export function EnergyChart({ energy }: { energy: EnergyPoint[] }) {
  const shown = TERMS.filter(({ term }) => term !== 'core' || energy.some(({ core }) => core !== 0));
  const options = useCallback(
    (): Plot.PlotOptions => ({
      height: 210,
      marginLeft: 44,
      marginBottom: 42,
      marginRight: 8,
      x: { label: 'iteration', labelArrow: 'none', labelOffset: 38, ticks: 6 },
      y: { label: null, grid: true, zero: true, ticks: 5 },
      marks: [
        Plot.ruleY([0], { strokeOpacity: 0.4 }),
        ...shown.map(({ term, colour }) =>
          Plot.lineY(energy, { x: 'iteration', y: term, stroke: `var(--${colour})`, strokeWidth: 2 }),
        ),
      ],
    }),
    [energy],
  );
  if (energy.length < 2) return null;
  return (
    <figure class="panel">
      <figcaption>
        <h2>Energy</h2>
        <p class="legend">
          {shown.map(({ name, colour }) => (
            <span key={name} class={colour}>
              {name}
            </span>
          ))}
        </p>
      </figcaption>
      <Chart label="Energy over the iterations" options={options} />
    </figure>
  );
}
