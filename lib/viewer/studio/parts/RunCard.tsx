import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { percent } from '../../../report/numbers';
import type { RunSummary } from '../../../studio/api';
import { LONGEST_TITLE } from '../../../studio/runs/runTitle';
import { hrefOf } from '../data/address';
import { nameOfClip } from '../data/nameOfClip';
import { attempt, removeRun, renameRun } from '../data/store';

interface RunCardProps {
  run: RunSummary;
  chosen: boolean;
  onChoose: () => void;
}

/** A run of the list. */
export function RunCard({ run, chosen, onChoose }: RunCardProps) {
  const { id, title, state, request, result } = run;
  const renaming = useSignal(false);
  const atWork = state === 'queued' || state === 'running';
  return (
    <li class="card run" data-state={state}>
      <a href={hrefOf({ name: 'run', id })} aria-label={`Open ${title}`}>
        {result && request ? (
          <img src={`/api/runs/${id}/files/thumbnail.webp`} alt="" />
        ) : (
          <span class="blank" />
        )}
      </a>
      {renaming.value ? <Rename run={run} onEnd={() => (renaming.value = false)} /> : <h2>{title}</h2>}
      <p class="note">
        {state}
        {result &&
          ` · ${result.target} by ${result.method} · ${percent(result.realisedArea)} of the clip: ${percent(result.probability.explained)}`}
        {askedOf(run)}
      </p>
      <p class="buttons">
        {result && (
          <label class="check">
            <input type="checkbox" checked={chosen} onChange={onChoose} aria-label={`Compare ${title}`} />
            <span>Compare</span>
          </label>
        )}
        <button
          type="button"
          class="plain"
          aria-label={`Rename ${title}`}
          onClick={() => (renaming.value = true)}
        >
          Rename
        </button>
        {!atWork && (
          <button
            type="button"
            class="plain"
            aria-label={`Delete ${title}`}
            onClick={() => attempt(() => removeRun(run))}
          >
            Delete
          </button>
        )}
      </p>
    </li>
  );
}

/** Which clip and model: two runs of one class look alike else. */
function askedOf({ request, result }: RunSummary): string {
  const model = result?.model ?? request?.model;
  return [request && nameOfClip(request.clip.source), model]
    .filter(Boolean)
    .map((text) => ` · ${text}`)
    .join('');
}

function Rename({ run, onEnd }: { run: RunSummary; onEnd: () => void }) {
  const text = useSignal(run.title);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const save = async (event: Event) => {
    event.preventDefault();
    if (await attempt(() => renameRun(run, text.value))) onEnd();
  };
  return (
    <form class="rename" onSubmit={save}>
      <input
        ref={input}
        type="text"
        maxLength={LONGEST_TITLE}
        required
        value={text.value}
        aria-label="New name"
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => event.key === 'Escape' && onEnd()}
      />
      <button type="submit" class="plain">
        Save
      </button>
    </form>
  );
}
