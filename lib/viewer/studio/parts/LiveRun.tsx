import { useEffect, useState } from 'preact/hooks';
import type { RunRequest, RunSummary } from '../../../studio/api';
import { type LoadedMask, maskOfBytes } from '../../data/load';
import { ask } from '../data/client';
import { type Moment, momentsOf } from '../data/frames';
import { loadSeenClip, type SeenClip } from '../data/loadSeenClip';
import { attempt } from '../data/store';
import { useAnswer } from '../data/useAnswer';
import { ClipView } from './ClipView';
import { LiveFacts } from './LiveFacts';

/** A run at work: its mask forms over the clip. */
export function LiveRun({ run }: { run: RunSummary }) {
  const { clip, model } = run.request as RunRequest; // the studio asked for everything that is at work
  const seen = useAnswer(() => loadSeenClip(clip, model), run.id);
  const moment = useMoments(run);
  return (
    <main class="page">
      <h1>{run.title}</h1>
      <p class="lead" role="status">
        {run.state === 'queued' ? waiting(run.before) : forming(moment)}
      </p>
      <div class="columns">
        <section aria-label="The mask as it is">
          {seen.answer && <ClipView {...seen.answer} mask={maskOf(moment, seen.answer)} />}
        </section>
        <section class="panel" aria-label="Progress">
          <LiveFacts moment={moment} />
          <p class="buttons">
            {moment?.mask && (
              <button type="button" class="primary" onClick={() => post(`/api/jobs/${run.id}/stop`, 'POST')}>
                Stop and keep this mask
              </button>
            )}
            <button type="button" onClick={() => post(`/api/jobs/${run.id}`, 'DELETE')}>
              Cancel
            </button>
          </p>
        </section>
      </div>
    </main>
  );
}

function post(path: string, method: string): void {
  void attempt(() => ask(path, { method }));
}

function waiting(before: number): string {
  return before === 0 ? 'Loading the model …' : `Waits for ${before} other ${before === 1 ? 'run' : 'runs'}.`;
}

function forming(moment: Moment | null): string {
  if (!moment?.mask) return 'The first mask comes in a moment …';
  return 'The mask forms: bright is what it keeps so far.';
}

/** The latest moment of a run, with the latest mask. */
function useMoments({ id, state }: RunSummary): Moment | null {
  const [moment, setMoment] = useState<Moment | null>(null);
  useEffect(() => {
    if (state !== 'running') return;
    const stop = new AbortController();
    const watch = async () => {
      for await (const { progress, mask } of momentsOf(id, stop.signal))
        setMoment((last) => ({ progress, mask: mask ?? last?.mask ?? null }));
    };
    watch().catch(() => undefined); // the bar says that the line broke
    return () => stop.abort();
  }, [id, state]);
  return moment;
}

/** A mask as the players draw it. */
function maskOf(moment: Moment | null, { clip }: SeenClip): LoadedMask | null {
  const bytes = moment?.mask;
  if (!bytes || bytes.length !== clip.frames * clip.height * clip.width) return null;
  const known = masks.get(bytes);
  if (known) return known;
  const mask = maskOfBytes(bytes, clip, null);
  masks.set(bytes, mask);
  return mask;
}

const masks = new WeakMap<Uint8Array, LoadedMask>();
