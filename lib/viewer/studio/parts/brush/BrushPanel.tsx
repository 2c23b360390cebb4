import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { ExplanationDocument } from '../../../../report/page/document';
import type { RunRequest } from '../../../../studio/api';
import { Transport } from '../../../parts/Transport';
import { createPlayback } from '../../../state/playback';
import { brushOf, hasBrush, type LiveBrush } from '../../data/brush/live';
import { useAnswer } from '../../data/useAnswer';
import { ProblemNote } from '../ProblemNote';
import { BrushAnswer } from './BrushAnswer';
import { BrushCanvas } from './BrushCanvas';
import { BrushTools } from './BrushTools';
import { SeenPicture } from './SeenPicture';
import { useUndoKeys } from './useUndoKeys';

interface BrushPanelProps {
  run: string;
  request: RunRequest;
  document: ExplanationDocument;
}

/** What a run keeps, changed by hand, and what the model says of it. Open where something was painted before. */
export function BrushPanel(props: BrushPanelProps) {
  const open = useSignal(hasBrush(props.run));
  return (
    <details
      class="panel brush"
      open={open.value}
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>
        <h2>Keep or remove by hand</h2>
      </summary>
      {open.value && <Opened {...props} />}
    </details>
  );
}

function Opened({ run, request, document }: BrushPanelProps) {
  const { answer, problem } = useAnswer(() => brushOf(run, request, document), run);
  if (problem) return <ProblemNote problem={problem} />;
  if (!answer) return <p class="loading">Unpacking the clip …</p>;
  return <Desk live={answer} target={document.target} />;
}

/** The frame that is painted, beside it what the model saw, the tools, and what the model says. */
function Desk({ live, target }: { live: LiveBrush; target: string }) {
  const { clip, painted } = live;
  const playback = useMemo(() => createPlayback(clip.frames, clip.fps), [live]);
  const desk = useUndoKeys(painted);
  useEffect(() => playback.pause, [playback]);
  return (
    <div class="desk" ref={desk}>
      <div class="screens">
        <figure>
          <BrushCanvas clip={clip} painted={painted} playback={playback} />
          <figcaption>Paint here: dark is taken away</figcaption>
        </figure>
        <figure>
          <SeenPicture live={live} playback={playback} />
          <figcaption>What the model saw</figcaption>
        </figure>
        <Transport playback={playback} indices={clip.indices} />
      </div>
      <BrushAnswer live={live} target={target} />
      <BrushTools painted={painted} frames={clip.frames} />
    </div>
  );
}
