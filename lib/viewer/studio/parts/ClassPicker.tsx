import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';

interface ClassPickerProps {
  classes: string[];
  chosen: string[];
  onChoose: (names: string[]) => void;
}

/** The classes to explain, found by typing: each becomes a run. None: the class that the model predicts. */
export function ClassPicker({ classes, chosen, onChoose }: ClassPickerProps) {
  const text = useSignal('');
  const list = useId();
  const add = (name: string) => {
    const known = classes.find((one) => one.toLowerCase() === name.trim().toLowerCase());
    text.value = known ? '' : name;
    if (known && !chosen.includes(known)) onChoose([...chosen, known]);
  };
  return (
    <div class="classes">
      <label class="row">
        <span>Class</span>
        <input
          type="text"
          list={list}
          value={text.value}
          placeholder={chosen.length === 0 ? 'the one the model predicts' : 'another one'}
          aria-label="Class to explain"
          onInput={(event) => add(event.currentTarget.value)}
        />
      </label>
      <datalist id={list}>
        {classes.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <ul class="chips" aria-label="Classes to explain">
        {chosen.map((name) => (
          <li key={name}>
            {name}
            <button
              type="button"
              aria-label={`Leave out ${name}`}
              onClick={() => onChoose(chosen.filter((one) => one !== name))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
