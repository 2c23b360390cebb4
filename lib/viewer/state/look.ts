import { type Signal, signal } from '@preact/signals';
import type { ColormapName } from '../../report/colormap';

/** How a mask is drawn: over the frame, as the model saw the frame under it, by fading the frame to black, or alone. */
export type LookName = 'overlay' | 'perturbed' | 'faded' | 'mask';

/** Display settings of masks, shared by all players of a page. */
export interface Look {
  name: Signal<LookName>;
  /** Opacity of the colours over the frame, in [0, 1]. */
  opacity: Signal<number>;
  colormap: Signal<ColormapName>;
  /** τ, in [0, 1]. */
  threshold: Signal<number>;
  /** Whether values below τ are hidden. */
  cut: Signal<boolean>;
  /** Whether the outline of M ≥ τ is drawn. */
  outline: Signal<boolean>;
  boxes: Signal<boolean>;
}

export function createLook(): Look {
  return {
    name: signal<LookName>('overlay'),
    opacity: signal(0.55),
    colormap: signal<ColormapName>('inferno'),
    threshold: signal(0.5),
    cut: signal(false),
    outline: signal(true),
    boxes: signal(true),
  };
}
