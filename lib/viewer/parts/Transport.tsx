import type { Playback } from '../state/playback';

interface TransportProps {
  playback: Playback;
  /** Index of each frame in the source. */
  indices: number[];
}

const SPEEDS = [0.25, 0.5, 1, 2, 4];

/** Transport controls: play, step, seek, speed. */
export function Transport({ playback, indices }: TransportProps) {
  const { frames, frame, playing, speed } = playback;
  const now = frame.value;
  const source = indices[now] ?? now;
  const place = `Frame ${now + 1} of ${frames}`;
  return (
    <fieldset class="transport">
      <legend class="unseen">Playback</legend>
      <button
        type="button"
        class="round"
        onClick={playback.toggle}
        aria-label={playing.value ? 'Pause' : 'Play'}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={playing.value ? 'M7 5h4v14H7zM13 5h4v14h-4z' : 'M8 5v14l11-7z'} />
        </svg>
      </button>
      <button type="button" class="step" onClick={() => playback.step(-1)} aria-label="Previous frame">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M15.5 5v14l-9-7z" />
        </svg>
      </button>
      <input
        type="range"
        class="scrubber"
        min={0}
        max={frames - 1}
        step={1}
        value={now}
        onInput={(event) => playback.seek(Number(event.currentTarget.value))}
        aria-label="Frame"
        aria-valuetext={place}
      />
      <button type="button" class="step" onClick={() => playback.step(1)} aria-label="Next frame">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M8.5 5v14l9-7z" />
        </svg>
      </button>
      <output class="place">
        <b>{now + 1}</b> / {frames}
        {source !== now && <small>{`source frame ${source}`}</small>}
      </output>
      <label class="speed">
        <span class="unseen">Speed</span>
        <select
          value={String(speed.value)}
          onChange={(event) => {
            speed.value = Number(event.currentTarget.value);
          }}
        >
          {SPEEDS.map((times) => (
            <option key={times} value={String(times)}>
              {times}×
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}
