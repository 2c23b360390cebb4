import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Playback } from '../../../state/playback';
import type { LiveBrush } from '../../data/brush/live';

const DRAWN = 640;

/** M ⊗ X: the clip that the model saw, at the frame that is painted. */
export function SeenPicture({ live, playback }: { live: LiveBrush; playback: Playback }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { height, width } = live.clip;
  const scale = Math.max(Math.round(DRAWN / width), 1);
  useEffect(() => {
    const context = canvas.current?.getContext('2d', { alpha: false });
    if (!context) return;
    return effect(() => {
      const picture = live.seen.value?.[playback.frame.value];
      context.imageSmoothingQuality = 'high';
      if (picture) context.drawImage(picture, 0, 0, width * scale, height * scale);
    });
  }, [live, playback, scale]);
  return (
    <canvas
      ref={canvas}
      class="player"
      width={width * scale}
      height={height * scale}
      role="img"
      aria-label="The clip as the model saw it under the painted mask"
    />
  );
}
