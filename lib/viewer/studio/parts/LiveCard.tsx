import type { RunSummary } from '../../../studio/api';
import { hrefOf } from '../data/address';
import { useLive } from '../data/useLive';
import { ClipView } from './ClipView';
import { LiveFacts } from './LiveFacts';

/** A run at work among others: its mask forms over the clip. */
export function LiveCard({ run }: { run: RunSummary }) {
  const { seen, moment, mask, says } = useLive(run);
  return (
    <section class="panel" aria-label={run.title}>
      <h2>
        <a href={hrefOf({ name: 'run', id: run.id })}>{run.title}</a>
      </h2>
      <p class="note" role="status">
        {says}
      </p>
      {seen && <ClipView {...seen} mask={mask} />}
      <LiveFacts moment={moment} />
    </section>
  );
}
