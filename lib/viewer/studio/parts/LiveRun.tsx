import { useState } from 'preact/hooks';
import type { RunSummary } from '../../../studio/api';
import { ask } from '../data/client';
import { attempt } from '../data/store';
import { useLive } from '../data/useLive';
import { ClipView } from './ClipView';
import { LiveFacts } from './LiveFacts';

/** A run at work: its mask forms over the clip. */
export function LiveRun({ run }: { run: RunSummary }) {
  const [stopping, setStopping] = useState(false);
  const { seen, moment, mask, says } = useLive(run, stopping);
  const stop = async () => {
    if (stopping) return;
    setStopping(true);
    const stopped = await post(`/api/jobs/${run.id}/stop`, 'POST');
    if (!stopped) setStopping(false);
  };
  return (
    <main class="page">
      <h1>{run.title}</h1>
      <p class="lead" role="status">
        {says}
      </p>
      <div class="columns">
        <section aria-label="The mask as it is">{seen && <ClipView {...seen} mask={mask} />}</section>
        <section class="panel" aria-label="Progress">
          <LiveFacts moment={moment} />
          <p class="buttons">
            {moment?.mask && (
              <button type="button" class="primary" aria-disabled={stopping} onClick={stop}>
                {stopping ? 'Stopping …' : 'Stop and keep this mask'}
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

/** Undefined where it failed, which is then said. */
function post(path: string, method: string): Promise<unknown> {
  return attempt(() => ask(path, { method }));
}
