import { signal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { shareKept, shareTaken } from '../../report/certainty';
import { percent } from '../../report/numbers';
import type { ExplanationDocument, MaskDocument } from '../../report/page/document';
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
import { SearchChart } from '../parts/SearchChart';
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
  const { clip, mask, target, views } = document;
  const loaded = useLoaded(
    async () => ({
      clip: await loadClip(clip),
      masks: await Promise.all(masksOf(document).map((one) => loadMask(one, clip))),
    }),
    document,
  );
  return (
    <main class="page">
      <Heading
        title={target}
        lead={`${questionOf(document)}, by ${mask.method}${views ? ` (${views})` : ''}`}
        warnings={clip.warnings}
      />
      <Facts facts={factsOf(document)} />
      {mask.advice && <p class="note advice">{mask.advice}</p>}
      {loaded === null && <p class="loading">Unpacking the clip …</p>}
      {loaded && 'error' in loaded && <p class="warning">The clip cannot be shown: {loaded.error}</p>}
      {loaded && 'clip' in loaded && <Stage {...loaded} document={document} keyboard={keyboard} />}
      <h2 class="section">How it was made</h2>
      <Details title="Configuration" values={mask.config} />
      <Details title="Versions" values={document.versions} />
    </main>
  );
}

/** What the mask answers: of a class that the model does not predict, what speaks for it all the same. */
function questionOf({ model, clip, target, mask: { classes } }: ExplanationDocument): string {
  const ofTarget = classes.find(({ name }) => name === target);
  const isPredicted = !ofTarget || classes.every(({ original }) => original <= ofTarget.original);
  return isPredicted
    ? `What ${model} looks at in ${clip.name}`
    : `What speaks for ${target} in ${clip.name}, to ${model}`;
}

function factsOf(document: ExplanationDocument): Fact[] {
  const { mask } = document;
  const { probability, predicted, seconds } = mask;
  return [
    { term: 'On the clip', value: percent(probability.original), note: 'probability of the class' },
    {
      term: 'On what the mask keeps',
      value: percent(probability.explained),
      note: predicted ? `most probable: ${predicted.name}` : 'probability of the class',
    },
    ...withoutOf(probability),
    { term: 'Area', ...areaOf(mask) },
    ...enoughOf(document),
    ...(seconds === null
      ? []
      : [
          {
            term: 'Time',
            value: `${seconds.toFixed(1)} s`,
            note: timeNote(document),
          },
        ]),
  ];
}

/** What is left of the class once what the mask covers is taken away. */
function withoutOf({ original, deleted }: MaskDocument['probability']): Fact[] {
  if (deleted === undefined) return [];
  const note = `the class, ${percent(original)} on the clip`;
  return [{ term: 'Without this part', value: percent(deleted), note }];
}

function areaOf({ realisedArea, realisedAreaAtHalf }: MaskDocument): Pick<Fact, 'value' | 'note'> {
  const half = realisedAreaAtHalf === undefined ? '' : `; ${percent(realisedAreaAtHalf)} at ½ or more`;
  return { value: percent(realisedArea), note: `mean of the mask over the frames${half}` };
}

function timeNote({ search, mask: { energy } }: ExplanationDocument): string | undefined {
  if (search) return `${search.tried.length} sizes of the mask`;
  const last = energy.at(-1);
  return last && `${last.iteration + 1} iterations`;
}

/** The explanation's mask, or all that the search for the smallest one found. */
function masksOf({ mask, search }: ExplanationDocument): Pick<MaskDocument, 'mask' | 'perturbed'>[] {
  return (
    search?.tried.map(({ mask: own = mask.mask, perturbed = mask.perturbed }) => ({
      mask: own,
      ...(perturbed && { perturbed }),
    })) ?? [mask]
  );
}

/** What the search for the smallest mask found. */
function enoughOf({ search, mask: { probability, deletes } }: ExplanationDocument): Fact[] {
  if (!search) return [];
  const { original, explained } = probability;
  const value = percent(search.tried[search.chosen]!.area);
  if (!deletes && explained > original)
    return [{ term: 'Smallest part', value, note: `raises the class from ${percent(original)} on the clip` }];
  const share = percent(deletes ? shareTaken(probability) : shareKept(probability));
  const [enough, tooLittle] = deletes
    ? [`takes ${share} of the certainty away`, `takes away only ${share}`]
    : [`is enough for ${share} of the certainty`, `keeps only ${share}`];
  const note = search.found ? enough : tooLittle;
  return [{ term: 'Smallest part', value, note }];
}

interface StageProps extends ExplanationPageProps {
  clip: LoadedClip;
  /** The explanation's mask, or all that the search for the smallest one found. */
  masks: LoadedMask[];
}

function Stage({ document, keyboard, clip, masks }: StageProps) {
  const { search } = document;
  const shown = useMemo(() => signal(search?.chosen ?? 0), [document]);
  const mask = masks[shown.value]!;
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
        <LookControls
          look={look}
          hasBoxes={clip.boxes !== null}
          hasPerturbed={mask.perturbed !== null}
          scale={scaleNote(document.mask)}
        >
          <AreaAtThreshold clip={clip} mask={mask} look={look} frame={playback.frame.value} />
        </LookControls>
      </div>
      <FrameStrip clip={clip} mask={mask} playback={playback} look={look} />
      <p class="hint">
        <kbd>Space</kbd> plays and pauses, <kbd>←</kbd> <kbd>→</kbd> step, <kbd>Home</kbd> <kbd>End</kbd>{' '}
        jump.
      </p>
      <div class="charts">
        {search && (
          <SearchChart
            search={search}
            original={document.mask.probability.original}
            deletes={document.mask.deletes ?? false}
            shown={shown}
          />
        )}
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
