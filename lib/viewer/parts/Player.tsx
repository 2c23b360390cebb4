import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LoadedClip, LoadedMask } from '../data/load';
import { paintFrame, type Scene } from '../draw/paintFrame';
import type { Look } from '../state/look';
import type { Playback } from '../state/playback';

interface PlayerProps {
  clip: LoadedClip;
  /** Without one the clip is shown as it is. */
  mask: LoadedMask | null;
  playback: Playback;
  look: Look;
  /** What it shows, for those who cannot see it. */
  label: string;
  /** Width in CSS pixels that it is drawn for. */
  width: number;
}

/** A clip, or a clip under its mask, at the frame that all players show. */
export function Player({ clip, mask, playback, look, label, width }: PlayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = drawingScale(clip.width, width);
  // Drawn by signals and not by rendering: sixty times a second is no business of the page's structure.
  useEffect(() => {
    if (!canvas.current) return;
    const stage = canvas.current;
    return effect(() => {
      const scene = sceneOf(look, playback.frame.value);
      paintFrame(stage, clip, mask, scene);
      stage.dataset.frame = String(scene.frame);
    });
  }, [clip, mask, playback, look, scale]);
  return (
    <canvas
      ref={canvas}
      class="player"
      width={clip.width * scale}
      height={clip.height * scale}
      role="img"
      aria-label={label}
    />
  );
}

/** Everything of the look that a picture depends on. */
export function sceneOf(look: Look, frame: number): Scene {
  return {
    frame,
    name: look.name.value,
    opacity: look.opacity.value,
    colormap: look.colormap.value,
    threshold: look.threshold.value,
    cut: look.cut.value,
    outline: look.outline.value,
    boxes: look.boxes.value,
  };
}

/** How many pixels of the canvas a pixel of the clip gets: enough for the screen, and no more than can be seen. */
function drawingScale(clipWidth: number, width: number): number {
  const density = Math.min(globalThis.devicePixelRatio ?? 1, 2);
  return Math.min(Math.max(Math.ceil((width * density) / clipWidth), 1), 8);
}
