import { useMemo, useRef } from 'preact/hooks';
import { percent } from '../../../report/numbers';
import type { ClipDocument, ExplanationDocument } from '../../../report/page/document';
import type { Problem } from '../../../studio/api';
import { type LoadedClip, type LoadedMask, loadClip, loadMask } from '../../data/load';
import { LookControls } from '../../parts/LookControls';
import { Player } from '../../parts/Player';
import { Transport } from '../../parts/Transport';
import { useAutoplay } from '../../parts/useAutoplay';
import { useKeyboard } from '../../parts/useKeyboard';
import { createLook } from '../../state/look';
import { createPlayback } from '../../state/playback';
import { hrefOf } from '../data/address';
import { ask, problemOf } from '../data/client';
import { MOST_COMPARED } from '../data/compared';
import { runs } from '../data/store';
import { useAnswer } from '../data/useAnswer';
import { LiveCard } from '../parts/LiveCard';
import { ProblemNote } from '../parts/ProblemNote';

/** A run that is compared, ready to draw. */
interface Compared {
  id: string;
  document: ExplanationDocument;
  clip: LoadedClip;
  mask: LoadedMask;
}

/** So few are shown as large as there is room for. */
const FEW = 4;

const SCALE = 'Optimised masks are not rescaled; saliency maps are, over the clip.';

/** Two to nine runs, played in sync; those that are still at work appear when they are done. */
export function ComparePage({ ids }: { ids: string[] }) {
  const wanted = ids.slice(0, MOST_COMPARED);
  const done = wanted.filter((id) => runs.value.some((run) => run.id === id && run.result));
  const atWork = runs.value.filter(
    ({ id, state }) => wanted.includes(id) && (state === 'queued' || state === 'running'),
  );
  const { answer, problem } = useAnswer(() => loadAll(done), done.join());
  return (
    <main class="page">
      <h1>Compared</h1>
      {atWork.length > 0 && (
        <div class="at-work">
          {atWork.map((run) => (
            <LiveCard key={run.id} run={run} />
          ))}
        </div>
      )}
      {problem && <ProblemNote problem={problem} />}
      {answer?.problem && <ProblemNote problem={answer.problem} />}
      {answer && answer.compared.length > 0 && <Grid compared={answer.compared} />}
    </main>
  );
}

/** What can be compared, and why one cannot. */
interface Loaded {
  compared: Compared[];
  problem: Problem | null;
}

/** A clip that several runs explain is decoded once, so that its players share what they enlarge. */
async function loadAll(ids: string[]): Promise<Loaded> {
  const clips = new Map<string, Promise<LoadedClip>>();
  const clipOf = (clip: ClipDocument) => {
    const key = clip.pictures.url + (clip.boxes?.base64 ?? '');
    const loading = clips.get(key) ?? loadClip(clip);
    clips.set(key, loading);
    return loading;
  };
  const loading = await Promise.allSettled(
    ids.map(async (id) => {
      const document = await ask<ExplanationDocument>(`/api/runs/${id}/document`);
      const [clip, mask] = await Promise.all([clipOf(document.clip), loadMask(document.mask, document.clip)]);
      return { id, document, clip, mask };
    }),
  );
  const failed = loading.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
  return {
    compared: loading.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    problem: failed ? problemOf(failed.reason) : null,
  };
}

function Grid({ compared }: { compared: Compared[] }) {
  const root = useRef<HTMLDivElement>(null);
  // Clips may differ: all play as many frames as the shortest has.
  const shortest = compared.map(({ clip }) => clip).sort((a, b) => a.frames - b.frames)[0]!;
  const playback = useMemo(() => createPlayback(shortest.frames, shortest.fps), [compared]);
  const look = useMemo(createLook, [compared]);
  useKeyboard(root, playback, 'page');
  useAutoplay(playback);
  return (
    <div ref={root}>
      <div class="compare">
        <ul class="grid" data-few={compared.length <= FEW}>
          {compared.map(({ id, document: { target, mask: said }, clip, mask }) => (
            <li key={id} class="card">
              <a href={hrefOf({ name: 'run', id })} aria-label={`Open ${target} by ${said.method}`}>
                <Player
                  clip={clip}
                  mask={mask}
                  playback={playback}
                  look={look}
                  width={compared.length <= FEW ? 360 : 240}
                  label={`The clip under the mask of ${target}, by ${said.method}`}
                />
              </a>
              <h2>{target}</h2>
              <p class="note">
                {said.method} · {percent(said.realisedArea)} of the clip:{' '}
                {percent(said.probability.explained)} (all of it: {percent(said.probability.original)})
              </p>
            </li>
          ))}
        </ul>
        <LookControls
          look={look}
          hasBoxes={compared.some(({ clip }) => clip.boxes !== null)}
          hasPerturbed={compared.every(({ mask }) => mask.perturbed !== null)}
          scale={SCALE}
        />
      </div>
      <div class="dock">
        <Transport playback={playback} indices={shortest.indices} />
      </div>
    </div>
  );
}
