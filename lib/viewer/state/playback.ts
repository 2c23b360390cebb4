import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';

/** The current frame, shared by all players of a page, and whether it is playing. */
export interface Playback {
  readonly frames: number;
  readonly frame: ReadonlySignal<number>;
  readonly playing: ReadonlySignal<boolean>;
  /** Speed relative to the clip's frame rate. */
  readonly speed: Signal<number>;
  play(): void;
  pause(): void;
  toggle(): void;
  /** Pauses and shows a frame; the index is clamped to the clip. */
  seek(frame: number): void;
  /** Moves by a number of frames, wrapping around. */
  step(by: number): void;
}

/** @param fps frames per second at speed 1 */
export function createPlayback(frames: number, fps: number): Playback {
  const frame = signal(0);
  const playing = signal(false);
  const speed = signal(1);
  let position = 0; // in frames, fractional during playback
  let request = 0;
  let last = 0;

  const show = (index: number) => {
    frame.value = Math.min(Math.max(index, 0), frames - 1);
  };
  const tick = (now: number) => {
    position = (position + ((now - last) / 1000) * fps * speed.value) % frames;
    last = now;
    show(Math.floor(position));
    request = requestAnimationFrame(tick);
  };
  const pause = () => {
    cancelAnimationFrame(request);
    playing.value = false;
  };
  const play = () => {
    if (playing.value || frames < 2) return;
    position = frame.value;
    last = performance.now();
    playing.value = true;
    request = requestAnimationFrame(tick);
  };
  const seek = (index: number) =>
    batch(() => {
      pause();
      show(index);
    });
  return {
    frames,
    frame,
    playing,
    speed,
    play,
    pause,
    seek,
    toggle: () => (playing.value ? pause() : play()),
    step: (by) => seek((((frame.value + by) % frames) + frames) % frames),
  };
}
