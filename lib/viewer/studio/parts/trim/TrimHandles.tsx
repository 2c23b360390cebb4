import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { ClipChoice } from '../../../../studio/api';
import { useLater } from './useLater';

/** After the last key: one that is held down moves a handle thirty times a second. */
const PAUSE_MS = 250;

interface TrimHandlesProps {
  chosen: ClipChoice;
  /** Of the whole clip. */
  frames: number;
  fps: number;
  onTrim: (range: Pick<ClipChoice, 'start' | 'end'>) => void;
  /** What the handles stand on. */
  children: ComponentChildren;
}

/** Two handles over a picture of the clip, each a slider with the keys of one. The clip is asked for once they rest. */
export function TrimHandles({ chosen, frames, fps, onTrim, children }: TrimHandlesProps) {
  const start = useSignal(Math.min(chosen.start ?? 0, frames - 1));
  const end = useSignal(Math.min(chosen.end ?? frames, frames));
  const seconds = (frame: number) => `${(frame / fps).toFixed(2)} s`;
  const later = useLater(PAUSE_MS);
  const change = () =>
    later(() =>
      onTrim({
        start: start.value === 0 ? undefined : start.value,
        end: end.value === frames ? undefined : end.value,
      }),
    );
  return (
    <>
      <div
        class="handles"
        style={{ '--from': start.value / frames, '--to': end.value / frames }}
        data-late={start.value > frames / 2}
      >
        {children}
        <span class="cut before" />
        <span class="cut after" />
        <Handle
          title="First frame"
          said={`frame ${start.value + 1}, ${seconds(start.value)}`}
          value={start.value}
          frames={frames}
          onMove={(to) => (start.value = Math.min(to, end.value - 1))}
          onEnd={change}
        />
        <Handle
          title="Last frame"
          said={`frame ${end.value}, ${seconds(end.value)}`}
          value={end.value}
          frames={frames}
          onMove={(to) => (end.value = Math.max(to, start.value + 1))}
          onEnd={change}
        />
      </div>
      <p class="times">
        <span>
          frame <b>{start.value + 1}</b>, {seconds(start.value)}
        </span>
        <span>
          {end.value - start.value} of {frames} frames, {seconds(end.value - start.value)}
        </span>
        <span>
          frame <b>{end.value}</b>, {seconds(end.value)}
        </span>
      </p>
    </>
  );
}

interface HandleProps {
  title: string;
  /** Its place in words. */
  said: string;
  value: number;
  frames: number;
  /** @returns where it came to: not beyond the other handle */
  onMove: (to: number) => number;
  onEnd: () => void;
}

function Handle({ title, said, value, frames, onMove, onEnd }: HandleProps) {
  return (
    <input
      class="handle"
      type="range"
      min={0}
      max={frames}
      value={value}
      aria-label={title}
      aria-valuetext={said}
      onInput={({ currentTarget }) => {
        currentTarget.value = String(onMove(Number(currentTarget.value)));
      }}
      onChange={onEnd}
    />
  );
}
