import { type Signal, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { ClipReference, OfferedData, SamplePage } from '../../../studio/api';
import { samplesAt } from '../data/samplesAt';
import { facts } from '../data/store';
import { useAnswer } from '../data/useAnswer';
import { useSettled } from '../data/useSettled';
import { ProblemNote } from './ProblemNote';
import { SampleList } from './SampleList';

interface SamplePickerProps {
  chosen: ClipReference;
  onChoose: (source: ClipReference) => void;
}

/** Takes a sample of a data set that the studio was given: one is searched for, or found by turning pages. */
export function SamplePicker(props: SamplePickerProps) {
  const sets = facts.value?.data ?? [];
  const [first] = sets;
  const { chosen } = props;
  const name = useSignal(chosen.kind === 'data' ? chosen.set : first?.name);
  const set = sets.find((one) => one.name === name.value) ?? first;
  if (!set) return null;
  return (
    <details class="samples" open={chosen.kind === 'data'}>
      <summary>or a sample of a data set</summary>
      {sets.length > 1 && (
        <label class="row">
          <span>Data set</span>
          <select
            aria-label="Data set"
            value={set.name}
            onChange={(event) => {
              name.value = event.currentTarget.value;
            }}
          >
            {sets.map((one) => (
              <option key={one.name}>{one.name}</option>
            ))}
          </select>
        </label>
      )}
      <Samples key={set.name} set={set} {...props} />
    </details>
  );
}

function Samples({ set, chosen, onChoose }: SamplePickerProps & { set: OfferedData }) {
  const search = useSignal('');
  const label = useSignal('');
  const from = useSignal(0);
  const asked = useSettled(search.value);
  const address = samplesAt({ set: set.name, search: asked, label: label.value, from: from.value });
  const { answer, problem } = useAnswer(address.ask, address.path);
  const shown = useRef<SamplePage | undefined>(undefined);
  shown.current = answer ?? shown.current; // until the next answer is there, so that the list does not jump
  return (
    <>
      <Narrowing set={set} search={search} label={label} onChange={() => (from.value = 0)} />
      {problem && <ProblemNote problem={problem} />}
      {shown.current && (
        <SampleList
          page={shown.current}
          chosen={chosen.kind === 'data' && chosen.set === set.name ? chosen.sample : null}
          onChoose={(sample) => onChoose({ kind: 'data', set: set.name, sample })}
          onTurn={(to) => {
            from.value = to;
          }}
        />
      )}
      {set.unusable > 0 && (
        <p class="note small">
          {set.unusable} more cannot be used: <code>fep-native dataset inspect</code> says why.
        </p>
      )}
    </>
  );
}

interface NarrowingProps {
  set: OfferedData;
  search: Signal<string>;
  label: Signal<string>;
  onChange: () => void;
}

/** Which samples are listed: those with the typed words, those of a class. */
function Narrowing({ set, search, label, onChange }: NarrowingProps) {
  const change = (signal: Signal<string>, value: string) => {
    signal.value = value;
    onChange();
  };
  return (
    <div class="row">
      <input
        type="search"
        aria-label="Search samples"
        placeholder={`Search ${set.samples.toLocaleString('en')} samples`}
        value={search.value}
        onInput={(event) => change(search, event.currentTarget.value)}
      />
      <select
        aria-label="Class of the samples"
        value={label.value}
        onChange={(event) => change(label, event.currentTarget.value)}
      >
        <option value="">every class</option>
        {set.classes.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </div>
  );
}
