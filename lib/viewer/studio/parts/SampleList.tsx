import type { SamplePage } from '../../../studio/api';
import { SAMPLES_SHOWN } from '../data/samplesAt';

interface SampleListProps {
  page: SamplePage;
  /** Id of the sample that is the form's clip; null if it is none of this data set. */
  chosen: string | null;
  onChoose: (id: string) => void;
  /** Called with how many samples are to come before those that are shown. */
  onTurn: (from: number) => void;
}

/** A page of a data set's samples: a click on one takes it. */
export function SampleList({ page, chosen, onChoose, onTurn }: SampleListProps) {
  const { found, from, samples } = page;
  const end = from + samples.length;
  return (
    <>
      <ul class="sample-list" aria-label="Samples">
        {samples.map(({ id, label }) => (
          <li key={id}>
            <button type="button" aria-pressed={id === chosen} onClick={() => onChoose(id)}>
              <span>{id}</span> <small>{label}</small>
            </button>
          </li>
        ))}
      </ul>
      <p class="buttons">
        <button type="button" disabled={from === 0} onClick={() => onTurn(Math.max(from - SAMPLES_SHOWN, 0))}>
          Previous
        </button>
        <button type="button" disabled={end >= found} onClick={() => onTurn(end)}>
          Next
        </button>
        <span class="note" role="status">
          {found === 0
            ? 'No sample has these words.'
            : `${count(from + 1)} to ${count(end)} of ${count(found)}`}
        </span>
      </p>
    </>
  );
}

function count(n: number): string {
  return n.toLocaleString('en');
}
