import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LoadedClip, LoadedMask } from '../data/load';
import { paintFrame } from '../draw/paintFrame';
import { densityOf } from '../draw/stage';
import type { Look } from '../state/look';
import type { Playback } from '../state/playback';
import { sceneOf } from './Player';

interface FrameStripProps {
  clip: LoadedClip;
  mask: LoadedMask;
  playback: Playback;
  look: Look;
}

/** All frames in a row; a click seeks to one. */
export function FrameStrip({ clip, mask, playback, look }: FrameStripProps) {
  const strip = useRef<HTMLElement>(null);
  const now = playback.frame.value;
  useEffect(() => scrollToFrame(strip.current, now), [now]);
  return (
    <section class="strip" ref={strip} aria-label="Frames">
      {Array.from({ length: clip.frames }, (_, frame) => (
        <button
          key={frame}
          type="button"
          class="thumb"
          aria-label={`Frame ${frame + 1}`}
          aria-current={frame === now}
          onClick={() => playback.seek(frame)}
        >
          <Thumb clip={clip} mask={mask} look={look} frame={frame} />
          <span>{frame + 1}</span>
        </button>
      ))}
    </section>
  );
}

/** Scrolls the strip, but not the page, to a frame. */
function scrollToFrame(strip: HTMLElement | null, frame: number): void {
  const thumb = strip?.children[frame];
  if (!strip || !(thumb instanceof HTMLElement)) return;
  const left = thumb.offsetLeft - strip.offsetLeft;
  if (left < strip.scrollLeft) strip.scrollLeft = left;
  const right = left + thumb.offsetWidth - strip.clientWidth;
  if (right > strip.scrollLeft) strip.scrollLeft = right;
}

type ThumbProps = Omit<FrameStripProps, 'playback'> & { frame: number };

function Thumb({ clip, mask, look, frame }: ThumbProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!canvas.current) return;
    const stage = canvas.current;
    return effect(() =>
      paintFrame(stage, clip, mask, { ...sceneOf(look, frame), outline: false }, densityOf(stage)),
    );
  }, [clip, mask, look, frame]);
  return <canvas ref={canvas} width={clip.width} height={clip.height} />;
}
