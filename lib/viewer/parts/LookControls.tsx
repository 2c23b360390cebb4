import type { Signal } from '@preact/signals';
import type { ColormapName } from '../../report/colormap';
import { colormap } from '../../report/colormap';
import { percent } from '../../report/numbers';
import type { Look, LookName } from '../state/look';

const LOOKS: [LookName, string][] = [
  ['overlay', 'Overlay'],
  ['perturbed', 'Perturbed'],
  ['faded', 'Faded'],
  ['mask', 'Mask'],
];
const COLORMAPS: ColormapName[] = ['inferno', 'magma', 'viridis'];

interface LookControlsProps {
  look: Look;
  hasBoxes: boolean;
  /** Whether the frames that the model saw under the mask were kept. */
  hasPerturbed: boolean;
  /** What 0 and 1 mean on the colour scale. */
  scale: string;
  /** Measures at the threshold. */
  children?: preact.ComponentChildren;
}

/** Controls of how masks are shown: look, colours, opacity, threshold. */
export function LookControls({ look, hasBoxes, hasPerturbed, scale, children }: LookControlsProps) {
  const looks = LOOKS.filter(([name]) => name !== 'perturbed' || hasPerturbed);
  const coloured = ['overlay', 'mask'].includes(look.name.value);
  return (
    <section class="panel controls" aria-label="How the mask is shown">
      <fieldset class="segments">
        <legend class="unseen">Show</legend>
        {looks.map(([name, title]) => (
          <label key={name}>
            <input
              type="radio"
              name="look"
              checked={look.name.value === name}
              onChange={() => {
                look.name.value = name;
              }}
            />
            <span>{title}</span>
          </label>
        ))}
      </fieldset>
      <Slider
        title="Opacity"
        value={look.opacity}
        shown={percent(look.opacity.value)}
        disabled={look.name.value !== 'overlay'}
      />
      <label class="row">
        <span>Colours</span>
        <select
          value={look.colormap.value}
          disabled={!coloured}
          onChange={(event) => {
            look.colormap.value = event.currentTarget.value as ColormapName;
          }}
        >
          {COLORMAPS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <ColourScale name={look.colormap.value} />
      <p class="note small">{scale}</p>
      <hr />
      <Slider title="Threshold τ" value={look.threshold} shown={look.threshold.value.toFixed(2)} />
      {children}
      <Check title="Outline of M ≥ τ" value={look.outline} />
      <Check title="Cut the mask at τ" value={look.cut} />
      {hasBoxes && <Check title="Boxes" value={look.boxes} swatch="box" />}
    </section>
  );
}

interface SliderProps {
  title: string;
  value: Signal<number>;
  shown: string;
  disabled?: boolean;
}

function Slider({ title, value, shown, disabled = false }: SliderProps) {
  return (
    <label class="row slider">
      <span>{title}</span>
      <output>{shown}</output>
      <input
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={value.value}
        disabled={disabled}
        aria-label={title}
        onInput={(event) => {
          value.value = Number(event.currentTarget.value);
        }}
      />
    </label>
  );
}

function Check({ title, value, swatch = '' }: { title: string; value: Signal<boolean>; swatch?: string }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={value.value}
        onChange={(event) => {
          value.value = event.currentTarget.checked;
        }}
      />
      <span class={swatch}>{title}</span>
    </label>
  );
}

const STOPS = 16;

/** The colour scale from 0 to 1. */
function ColourScale({ name }: { name: ColormapName }) {
  const colours = colormap(name);
  const stops = Array.from({ length: STOPS + 1 }, (_, i) => {
    const [r, g, b] = colours.subarray(Math.round((255 * i) / STOPS) * 3);
    return `rgb(${r} ${g} ${b})`;
  });
  return (
    <div class="scale">
      <span>0</span>
      <span class="bar" style={{ background: `linear-gradient(90deg, ${stops.join(', ')})` }} />
      <span>1</span>
    </div>
  );
}
