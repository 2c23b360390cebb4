import type { Playback } from '../../../state/playback';
import type { PaintedMask } from '../../data/brush/paintedMask';

const MOVES: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** @returns whether the key was one of the brush's */
export function pressBrushKey(event: KeyboardEvent, painted: PaintedMask, playback: Playback): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const move = MOVES[event.key];
  if (move) {
    // By its own size the brush leaves no gaps.
    const step = event.shiftKey ? 1 : painted.radius.value;
    moveCursor(painted, move[0] * step, move[1] * step);
    return true;
  }
  switch (event.key) {
    case ' ':
      playback.pause();
      painted.begin(playback.frame.value, painted.cursor.value);
      painted.end();
      return true;
    case 'PageUp':
      playback.step(-1);
      return true;
    case 'PageDown':
      playback.step(1);
      return true;
    case '[':
      painted.resize(-1);
      return true;
    case ']':
      painted.resize(1);
      return true;
    default:
      return false;
  }
}

function moveCursor({ cursor, width, height }: PaintedMask, right: number, down: number): void {
  const { x, y } = cursor.value;
  cursor.value = { x: within(x + right, width), y: within(y + down, height) };
}

/** In the frame, in the middle of a pixel at its edges. */
function within(place: number, size: number): number {
  return Math.min(Math.max(place, 0.5), size - 0.5);
}
