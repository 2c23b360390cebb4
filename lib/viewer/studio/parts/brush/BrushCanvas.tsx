import { effect, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { LoadedClip } from '../../../data/load';
import { paintBrush } from '../../../draw/paintBrush';
import type { Playback } from '../../../state/playback';
import type { PaintedMask } from '../../data/brush/paintedMask';
import type { Point } from '../../data/brush/stroke';
import { pressBrushKey } from './brushKeys';

interface BrushCanvasProps {
  clip: LoadedClip;
  painted: PaintedMask;
  playback: Playback;
}

/** Canvas pixels: about as many as the screen has for it. */
const DRAWN = 448;

/** The frame that is painted: by pointer, or by a cursor that the arrow keys move. */
export function BrushCanvas({ clip, painted, playback }: BrushCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const hint = useId();
  /** Whether the brush is to be seen: while the pointer or the keyboard is on the canvas. */
  const isNear = useSignal(false);
  const scale = Math.max(Math.round(DRAWN / clip.width), 1);
  useEffect(() => {
    const stage = canvas.current;
    if (!stage) return;
    return effect(() => {
      const frame = playback.frame.value;
      const brush = isNear.value ? { ...painted.cursor.value, radius: painted.radius.value } : null;
      paintBrush(stage, clip, { frame, mask: painted.mask.value[frame]!, brush });
      stage.dataset.frame = String(frame);
    });
  }, [clip, painted, playback, scale]);
  const to = (event: PointerEvent) => placeOf(event, clip);
  const { x, y } = painted.cursor.value;
  return (
    <>
      <div
        class="paintable"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keys itself
        tabIndex={0}
        aria-label={`Frame ${playback.frame.value + 1} of ${clip.frames}, brush at column ${Math.ceil(x)}, row ${Math.ceil(y)}`}
        aria-describedby={hint}
        onFocus={() => (isNear.value = true)}
        onBlur={() => (isNear.value = false)}
        onPointerEnter={() => (isNear.value = true)}
        onPointerLeave={({ currentTarget }) => (isNear.value = currentTarget === document.activeElement)}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          playback.pause();
          painted.cursor.value = to(event);
          painted.begin(playback.frame.value, to(event));
        }}
        onPointerMove={(event) => {
          painted.cursor.value = to(event);
          painted.draw(to(event));
        }}
        onPointerUp={() => painted.end()}
        onPointerCancel={() => painted.end()}
        onKeyDown={(event) => pressBrushKey(event, painted, playback) && event.preventDefault()}
      >
        <canvas ref={canvas} class="player" width={clip.width * scale} height={clip.height * scale} />
      </div>
      <p id={hint} class="unseen">
        Arrow keys move the brush, with Shift by one pixel. Space paints. Page Up and Page Down change the
        frame. Square brackets change the brush’s size. Control Z takes back.
      </p>
    </>
  );
}

/** Where a pointer is, in the clip's pixels. */
function placeOf({ clientX, clientY, currentTarget }: PointerEvent, clip: LoadedClip): Point {
  const { left, top, width, height } = (currentTarget as HTMLElement).getBoundingClientRect();
  return { x: ((clientX - left) / width) * clip.width, y: ((clientY - top) / height) * clip.height };
}
