import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LoadedClip, LoadedMask } from '../data/load';
import type { Scene } from '../draw/paintFrame';
import { Stage } from '../draw/stage';
import type { Look } from '../state/look';
import type { Playback } from '../state/playback';

interface PlayerProps {
  clip: LoadedClip;
  /** null shows the plain clip. */
  mask: LoadedMask | null;
  playback: Playback;
  look: Look;
  /** Text alternative for screen readers. */
  label: string;
  /** Display width in CSS pixels. */
  width: number;
}

/** A clip, or a clip under its mask, at the page's current frame. */
export function Player({ clip, mask, playback, look, label, width }: PlayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = drawingScale(clip.width, width);
  // Painted from a signal effect, so that playback at up to 60 frames per second does not re-render the component.
  useEffect(() => {
    if (!canvas.current) return;
    const stage = new Stage(canvas.current, clip, mask);
    const end = effect(() => stage.show(sceneOf(look, playback.frame.value)));
    return () => {
      end();
      stage.dispose();
    };
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

/** The scene of a frame with the current display settings. */
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

/** Canvas pixels per clip pixel: enough for the screen's resolution, up to a density of 2. */
function drawingScale(clipWidth: number, width: number): number {
  const density = Math.min(globalThis.devicePixelRatio ?? 1, 2);
  return Math.min(Math.max(Math.ceil((width * density) / clipWidth), 1), 8);
}
