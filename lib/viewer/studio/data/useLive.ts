import { useEffect, useState } from 'preact/hooks';
import type { RunRequest, RunSummary } from '../../../studio/api';
import { type LoadedMask, maskOfBytes } from '../../data/load';
import { type Moment, momentsOf } from './frames';
import { loadSeenClip, type SeenClip } from './loadSeenClip';
import { useAnswer } from './useAnswer';

/** A run at work, as it is seen. */
interface Live {
  /** The clip; undefined while it loads. */
  seen: SeenClip | undefined;
  /** Null until something is told of it. */
  moment: Moment | null;
  mask: LoadedMask | null;
  /** What it does, in a sentence. */
  says: string;
}

/** Follows a run at work. */
export function useLive(run: RunSummary, stopping = false): Live {
  const { clip, model } = run.request as RunRequest; // the studio asked for everything that is at work
  const seen = useAnswer(() => loadSeenClip(clip, model), run.id).answer;
  const moment = useMoments(run);
  const says = run.state === 'queued' ? waiting(run.before) : forming(moment, stopping);
  return { seen, moment, mask: seen ? maskOf(moment, seen) : null, says };
}

function waiting(before: number): string {
  return before === 0 ? 'Loading the model …' : `Waits for ${before} other ${before === 1 ? 'run' : 'runs'}.`;
}

function forming(moment: Moment | null, stopping: boolean): string {
  if (!moment?.mask) return 'The first mask comes in a moment …';
  const isLast = moment.progress.iteration + 1 >= moment.progress.iterations;
  if (stopping || isLast) return 'The mask is measured, and the report is written …';
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
