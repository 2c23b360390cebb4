import { useEffect } from 'preact/hooks';
import type { Playback } from '../state/playback';

/** Starts playback, unless the user prefers reduced motion; pauses it on unmount. */
export function useAutoplay(playback: Playback | null): void {
  useEffect(() => {
    if (!playback) return;
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) playback.play();
    return () => playback.pause();
  }, [playback]);
}
