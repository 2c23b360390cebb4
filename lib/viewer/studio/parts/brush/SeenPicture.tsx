import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Playback } from '../../../state/playback';
import type { LiveBrush } from '../../data/brush/live';

/** M ⊗ X: the clip that the model saw, at the frame that is painted. */
export function SeenPicture({ live, playback }: { live: LiveBrush; playback: Playback }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { height, width } = live.clip;
  useEffect(() => {
    const context = canvas.current?.getContext('2d', { alpha: false });
    if (!context) return;
    return effect(() => {
      const picture = live.seen.value;
      if (!picture) return;
      const columns = picture.naturalWidth / width;
      const frame = playback.frame.value;
      const [left, top] = [(frame % columns) * width, Math.floor(frame / columns) * height];
      context.drawImage(picture, left, top, width, height, 0, 0, width, height);
    });
  }, [live, playback]);
  return (
    <canvas
      ref={canvas}
      class="player"
      width={width}
      height={height}
      role="img"
      aria-label="The clip as the model saw it under the painted mask"
    />
  );
}
