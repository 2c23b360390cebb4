import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PaintedMask } from '../../data/brush/paintedMask';

/** Ctrl-Z takes back and Ctrl-Y or Ctrl-Shift-Z brings back what was painted, anywhere in the element but where text is typed. */
export function useUndoKeys(painted: PaintedMask): RefObject<HTMLDivElement> {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = root.current;
    const listen = (event: KeyboardEvent) => {
      if ((event.target as Element).matches('input[type="number"]')) return;
      if (press(event, painted)) event.preventDefault();
    };
    element?.addEventListener('keydown', listen);
    return () => element?.removeEventListener('keydown', listen);
  }, [painted]);
  return root;
}

/** @returns whether the key was one of these */
function press({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent, painted: PaintedMask): boolean {
  if (!ctrlKey && !metaKey) return false;
  const letter = key.toLowerCase();
  if (letter === 'y' || (letter === 'z' && shiftKey)) painted.redo();
  else if (letter === 'z') painted.undo();
  else return false;
  return true;
}
