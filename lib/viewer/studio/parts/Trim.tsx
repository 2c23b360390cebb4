import { useSignal } from '@preact/signals';
import type { ClipChoice } from '../../../studio/api';

interface TrimProps {
  chosen: ClipChoice;
  /** Frames of the whole clip. */
  frames: number;
  onTrim: (range: Pick<ClipChoice, 'start' | 'end'>) => void;
}

/** Two sliders under the clip: the first and the last frame of the clip that is explained. */
export function Trim({ chosen, frames, onTrim }: TrimProps) {
  const start = useSignal(chosen.start ?? 0);
  const end = useSignal(chosen.end ?? frames);
  const change = () =>
    onTrim({
      start: start.value === 0 ? undefined : start.value,
      end: end.value === frames ? undefined : end.value,
    });
  return (
    <fieldset class="trim">
      <legend class="unseen">Trim</legend>
      <label class="row slider">
        <span>First frame</span>
        <output>{start.value + 1}</output>
        <input
          type="range"
          min={0}
          max={frames - 1}
          value={start.value}
          onInput={(event) => {
            start.value = Math.min(Number(event.currentTarget.value), end.value - 1);
          }}
          onChange={change}
        />
      </label>
      <label class="row slider">
        <span>Last frame</span>
        <output>{end.value}</output>
        <input
          type="range"
          min={1}
          max={frames}
          value={end.value}
          onInput={(event) => {
            end.value = Math.max(Number(event.currentTarget.value), start.value + 1);
          }}
          onChange={change}
        />
      </label>
    </fieldset>
  );
}
