import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Playback } from '../state/playback';

/**
 * Keyboard control: Space plays and pauses; the arrow keys, Home and End seek. Form fields and buttons keep their keys.
 */
export function useKeyboard(root: RefObject<HTMLElement>, playback: Playback, where: 'focus' | 'page'): void {
  useEffect(() => {
    const element = where === 'page' ? document : root.current;
    if (!element) return;
    const listen = (event: Event) => {
      if (event instanceof KeyboardEvent && press(event, playback)) event.preventDefault();
    };
    element.addEventListener('keydown', listen);
    return () => element.removeEventListener('keydown', listen);
  }, [playback, where]);
}

/** @returns whether the playback handled the key */
function press(event: KeyboardEvent, playback: Playback): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('input, select, textarea, [contenteditable], pre')) return false;
  switch (event.key) {
    case ' ':
      if (target?.closest('button, summary, a')) return false;
      playback.toggle();
      return true;
    case 'ArrowLeft':
      playback.step(-1);
      return true;
    case 'ArrowRight':
      playback.step(1);
      return true;
    case 'Home':
      playback.seek(0);
      return true;
    case 'End':
      playback.seek(playback.frames - 1);
      return true;
    default:
      return false;
  }
}
