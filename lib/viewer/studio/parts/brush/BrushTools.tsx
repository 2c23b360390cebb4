import type { Signal } from '@preact/signals';
import type { Beginning, PaintedMask, Span, Tool } from '../../data/brush/paintedMask';
import { FrameRange } from './FrameRange';

const TOOLS: [Tool, string][] = [
  ['keep', 'Keep'],
  ['remove', 'Remove'],
  ['erase', 'Erase'],
];
const SPANS: [Span, string][] = [
  ['this', 'This frame'],
  ['range', 'Some'],
  ['all', 'All'],
];
const BEGINNINGS: [Beginning, string][] = [
  ['run', 'The run’s mask'],
  ['nothing', 'Nothing'],
  ['everything', 'Everything'],
];

/** What the brush does, how large it is and through which frames it goes; back, forth, and from the beginning. */
export function BrushTools({ painted, frames }: { painted: PaintedMask; frames: number }) {
  const { tool, span, radius, canUndo, canRedo, largest } = painted;
  return (
    <section class="controls" aria-label="Brush">
      <Segments title="The brush" name="tool" choices={TOOLS} value={tool} />
      <label class="row slider">
        <span>Size</span>
        <output>{radius.value} px</output>
        <input
          type="range"
          min={1}
          max={largest}
          value={radius.value}
          aria-label="Size of the brush"
          aria-valuetext={`radius of ${radius.value} pixels`}
          onInput={(event) => {
            radius.value = Number(event.currentTarget.value);
          }}
        />
      </label>
      <Segments title="Frames that it paints" name="span" choices={SPANS} value={span} />
      {span.value === 'range' && <FrameRange range={painted.range} frames={frames} />}
      <p class="buttons">
        <button type="button" disabled={!canUndo.value} onClick={() => painted.undo()}>
          Undo
        </button>
        <button type="button" disabled={!canRedo.value} onClick={() => painted.redo()}>
          Redo
        </button>
      </p>
      <p class="buttons">
        <span id="begin-with">Begin with</span>
        {BEGINNINGS.map(([what, title]) => (
          <button
            key={what}
            id={`begin-with-${what}`}
            type="button"
            aria-labelledby={`begin-with begin-with-${what}`}
            onClick={() => painted.beginWith(what)}
          >
            {title}
          </button>
        ))}
      </p>
      <p class="hint">
        On the frame: arrows move the brush, <kbd>Space</kbd> paints, <kbd>[</kbd> <kbd>]</kbd> size,{' '}
        <kbd>Page ↑</kbd> <kbd>Page ↓</kbd> frames, <kbd>Ctrl Z</kbd> undo. Erasing brings back what you began
        with.
      </p>
    </section>
  );
}

interface SegmentsProps<Name extends string> {
  title: string;
  name: string;
  choices: [Name, string][];
  value: Signal<Name>;
}

function Segments<Name extends string>({ title, name, choices, value }: SegmentsProps<Name>) {
  return (
    <fieldset class="segments">
      <legend class="unseen">{title}</legend>
      {choices.map(([choice, said]) => (
        <label key={choice}>
          <input
            type="radio"
            name={name}
            checked={value.value === choice}
            onChange={() => {
              value.value = choice;
            }}
          />
          <span>{said}</span>
        </label>
      ))}
    </fieldset>
  );
}
