import type { MethodCard } from '../../../studio/api';

interface MethodChoiceProps {
  methods: MethodCard[];
  chosen: string;
  onChoose: (name: string) => void;
}

/** The methods as cards with a sentence each. */
export function MethodChoice({ methods, chosen, onChoose }: MethodChoiceProps) {
  return (
    <fieldset class="methods">
      <legend class="unseen">Method</legend>
      {methods.map(({ name, label, summary }) => (
        <label key={name} class="method">
          <input type="radio" name="method" checked={name === chosen} onChange={() => onChoose(name)} />
          <span>
            <b>{label}</b>
            <small>{summary}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
