import { useEffect } from 'preact/hooks';
import type { Playback } from '../state/playback';

/** Begins to play, unless the reader asked for less motion; stops when the page goes. */
export function useAutoplay(playback: Playback | null): void {
  useEffect(() => {
    if (!playback) return;
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) playback.play();
    return () => playback.pause();
  }, [playback]);
}
