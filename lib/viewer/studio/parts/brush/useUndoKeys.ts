import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { BrushSession } from '../../data/brush/session';

/** Ctrl-Z takes back and Ctrl-Y or Ctrl-Shift-Z brings back what was painted, anywhere in the element but where text is typed. */
export function useUndoKeys(session: BrushSession): RefObject<HTMLDivElement> {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = root.current;
    const listen = (event: KeyboardEvent) => {
      if ((event.target as Element).matches('input[type="number"]')) return;
      if (press(event, session)) event.preventDefault();
    };
    element?.addEventListener('keydown', listen);
    return () => element?.removeEventListener('keydown', listen);
  }, [session]);
  return root;
}

/** @returns whether the key was one of these */
function press({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent, session: BrushSession): boolean {
  if (!ctrlKey && !metaKey) return false;
  const letter = key.toLowerCase();
  if (letter === 'y' || (letter === 'z' && shiftKey)) session.redo();
  else if (letter === 'z') session.undo();
  else return false;
  return true;
}
