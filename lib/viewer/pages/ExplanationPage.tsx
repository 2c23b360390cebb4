import { useMemo, useRef } from 'preact/hooks';
import { percent } from '../../report/numbers';
import type { ExplanationDocument } from '../../report/page/document';
import { scaleNote } from '../../report/scaleNote';
import { type LoadedClip, type LoadedMask, loadClip, loadMask } from '../data/load';
import { boxOverlap } from '../data/overlap';
import { Details } from '../parts/Details';
import { EnergyChart } from '../parts/EnergyChart';
import { type Fact, Facts } from '../parts/Facts';
import { FrameStrip } from '../parts/FrameStrip';
import { Heading } from '../parts/Heading';
import { ImportanceChart } from '../parts/ImportanceChart';
import { LookControls } from '../parts/LookControls';
import { Player } from '../parts/Player';
import { PredictionChart } from '../parts/PredictionChart';
import { Transport } from '../parts/Transport';
import { useAutoplay } from '../parts/useAutoplay';
import { useKeyboard } from '../parts/useKeyboard';
import { useLoaded } from '../parts/useLoaded';
import { createLook, type Look } from '../state/look';
import { createPlayback } from '../state/playback';

interface ExplanationPageProps {
  document: ExplanationDocument;
  keyboard: 'focus' | 'page';
}

/** One explanation: the clip, the clip under its mask, and all details. */
export function ExplanationPage({ document, keyboard }: ExplanationPageProps) {
  const { clip, mask, target, model } = document;
  const loaded = useLoaded(
    async () => ({ clip: await loadClip(clip), mask: await loadMask(mask, clip) }),
    document,
  );
  return (
    <main class="page">
      <Heading
        title={target}
        lead={`What ${model} looks at in ${clip.name}, by ${mask.method}`}
        warnings={clip.warnings}
      />
      <Facts facts={factsOf(document)} />
      {loaded === null && <p class="loading">Unpacking the clip …</p>}
      {loaded && 'error' in loaded && <p class="warning">The clip cannot be shown: {loaded.error}</p>}
      {loaded && 'clip' in loaded && <Stage {...loaded} document={document} keyboard={keyboard} />}
      <h2 class="section">How it was made</h2>
      <Details title="Configuration" values={mask.config} />
      <Details title="Versions" values={document.versions} />
    </main>
  );
}

function factsOf({ mask }: ExplanationDocument): Fact[] {
  const { probability, predicted, realisedArea, seconds, energy } = mask;
  const iterations = energy.at(-1)?.iteration;
  return [
    { term: 'On the clip', value: percent(probability.original), note: 'probability of the class' },
    {
      term: 'On what the mask keeps',
      value: percent(probability.explained),
      note: predicted ? `most probable: ${predicted.name}` : 'probability of the class',
    },
    { term: 'Realised area', value: percent(realisedArea), note: 'mean of the mask over the frames' },
    ...(seconds === null
      ? []
      : [
          {
            term: 'Time',
            value: `${seconds.toFixed(1)} s`,
            note: iterations === undefined ? undefined : `${iterations + 1} iterations`,
          },
        ]),
  ];
}

interface StageProps extends ExplanationPageProps {
  clip: LoadedClip;
  mask: LoadedMask;
}

function Stage({ document, keyboard, clip, mask }: StageProps) {
  const root = useRef<HTMLDivElement>(null);
  const playback = useMemo(() => createPlayback(clip.frames, clip.fps), [clip]);
  const look = useMemo(createLook, [clip]);
  useKeyboard(root, playback, keyboard);
  useAutoplay(playback);
  const players = { clip, playback, look, width: 460 };
  return (
    <div ref={root}>
      <div class="stage">
        <div class="screens">
          <figure>
            <Player {...players} mask={null} label={`The clip ${document.clip.name}`} />
            <figcaption>Clip</figcaption>
          </figure>
          <figure>
            <Player {...players} mask={mask} label={`The clip under its mask, by ${document.mask.method}`} />
            <figcaption>{document.mask.method}</figcaption>
          </figure>
          <Transport playback={playback} indices={clip.indices} />
        </div>
        <LookControls look={look} hasBoxes={clip.boxes !== null} scale={scaleNote(document.mask)}>
          <AreaAtThreshold clip={clip} mask={mask} look={look} frame={playback.frame.value} />
        </LookControls>
      </div>
      <FrameStrip clip={clip} mask={mask} playback={playback} look={look} />
      <p class="hint">
        <kbd>Space</kbd> plays and pauses, <kbd>←</kbd> <kbd>→</kbd> step, <kbd>Home</kbd> <kbd>End</kbd>{' '}
        jump.
      </p>
      <div class="charts">
        <ImportanceChart mask={mask} playback={playback} look={look} />
        <PredictionChart classes={document.mask.classes} target={document.target} />
        <EnergyChart energy={document.mask.energy} />
      </div>
    </div>
  );
}

interface AreaProps {
  clip: LoadedClip;
  mask: LoadedMask;
  look: Look;
  frame: number;
}

/** What a threshold keeps of the clip, of the current frame and of the boxes. */
function AreaAtThreshold({ clip, mask, look, frame }: AreaProps) {
  const threshold = look.threshold.value;
  const overlap = useMemo(() => boxOverlap(mask, clip, threshold), [mask, clip, threshold]);
  return (
    <dl class="measures" aria-live="polite">
      <div>
        <dt>of the clip</dt>
        <dd data-measure="area">{percent(mask.histogram.area(threshold))}</dd>
      </div>
      <div>
        <dt>of this frame</dt>
        <dd>{percent(mask.histogram.areaOf(frame, threshold))}</dd>
      </div>
      {overlap && (
        <>
          <div>
            <dt>of the boxes (STC)</dt>
            <dd>{overlap.recall === null ? '–' : percent(overlap.recall)}</dd>
          </div>
          <div>
            <dt>lies in the boxes</dt>
            <dd>{overlap.precision === null ? '–' : percent(overlap.precision)}</dd>
          </div>
        </>
      )}
    </dl>
  );
}
