import type { Signal } from '@preact/signals';

/** The first and the last frame that the brush paints; each pushes the other where they would cross. */
export function FrameRange({ range, frames }: { range: Signal<[number, number]>; frames: number }) {
  const [first, last] = range.value;
  const field = { type: 'number', min: 1, max: frames };
  const read = (text: string) => Math.min(Math.max(Math.round(Number(text)), 1), frames) - 1;
  return (
    <p class="frame-range">
      <label>
        from{' '}
        <input
          {...field}
          value={first + 1}
          aria-label="First painted frame"
          onChange={({ currentTarget: { value } }) => {
            range.value = [read(value), Math.max(last, read(value))];
          }}
        />
      </label>
      <label>
        to{' '}
        <input
          {...field}
          value={last + 1}
          aria-label="Last painted frame"
          onChange={({ currentTarget: { value } }) => {
            range.value = [Math.min(first, read(value)), read(value)];
          }}
        />
      </label>
    </p>
  );
}
