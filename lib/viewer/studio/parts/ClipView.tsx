import { useMemo, useRef } from 'preact/hooks';
import type { ClipDocument } from '../../../report/page/document';
import type { LoadedClip, LoadedMask } from '../../data/load';
import { Player } from '../../parts/Player';
import { Transport } from '../../parts/Transport';
import { useAutoplay } from '../../parts/useAutoplay';
import { useKeyboard } from '../../parts/useKeyboard';
import { createLook } from '../../state/look';
import { createPlayback } from '../../state/playback';

interface ClipViewProps {
  document: ClipDocument;
  clip: LoadedClip;
  /** Drawn over the clip, and replaced as it forms. */
  mask: LoadedMask | null;
}

/** A clip that plays in a loop, under a mask where there is one. */
export function ClipView({ document, clip, mask }: ClipViewProps) {
  const root = useRef<HTMLDivElement>(null);
  const playback = useMemo(() => createPlayback(clip.frames, clip.fps), [clip]);
  const look = useMemo(createLook, [clip]);
  useKeyboard(root, playback, 'page');
  useAutoplay(playback);
  const label = mask ? `The clip ${document.name} under the mask as it is` : `The clip ${document.name}`;
  return (
    <div ref={root} class="screens one">
      <Player clip={clip} mask={mask} playback={playback} look={look} width={460} label={label} />
      <Transport playback={playback} indices={clip.indices} />
    </div>
  );
}
