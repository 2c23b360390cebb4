import { useSignal } from '@preact/signals';
import type { RunSummary } from '../../../studio/api';
import { hrefOf } from '../data/address';
import { MOST_COMPARED } from '../data/compared';
import { nameOfClip } from '../data/nameOfClip';
import { runs } from '../data/store';
import { RunCard } from '../parts/RunCard';

/** All runs, with thumbnails: filter, rename, delete, and choose some to compare. */
export function RunsPage() {
  const filter = useSignal('');
  const chosen = useSignal<string[]>([]);
  const wanted = filter.value.toLowerCase();
  const shown = runs.value.filter((run) => textOf(run).includes(wanted));
  const ids = chosen.value.filter((id) => runs.value.some((run) => run.id === id));
  const finished = runs.value.filter(({ result }) => result).length;
  const toggle = (id: string) => {
    chosen.value = ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id].slice(-MOST_COMPARED);
  };
  return (
    <main class="page">
      <h1>Runs</h1>
      <div class="tools">
        <label class="row">
          <span>Filter</span>
          <input
            type="search"
            value={filter.value}
            aria-label="Filter"
            onInput={(event) => {
              filter.value = event.currentTarget.value;
            }}
          />
        </label>
        {ids.length > 1 && (
          <a class="button primary" href={hrefOf({ name: 'compare', ids })}>
            Compare {ids.length}
          </a>
        )}
      </div>
      {runs.value.length === 0 && <p class="hint">There are none yet: begin with New run.</p>}
      {ids.length < 2 && finished > 1 && (
        <p class="hint">Tick two to nine of them to play them side by side.</p>
      )}
      {runs.value.length > 0 && shown.length === 0 && (
        <p class="hint">None of the runs has “{filter.value}”.</p>
      )}
      <ul class="runs">
        {shown.map((run) => (
          <RunCard key={run.id} run={run} chosen={ids.includes(run.id)} onChoose={() => toggle(run.id)} />
        ))}
      </ul>
    </main>
  );
}

function textOf({ title, state, request, result }: RunSummary): string {
  const clip = request && nameOfClip(request.clip.source);
  const model = result?.model ?? request?.model;
  return [title, state, clip, model, result?.method, result?.target].join(' ').toLowerCase();
}
