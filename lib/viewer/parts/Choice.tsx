import type { Signal } from '@preact/signals';

interface ChoiceProps<Value extends string | number> {
  title: string;
  value: Signal<Value>;
  options: { value: Value; title: string }[];
}

/** A select box; renders nothing for fewer than two options. */
export function Choice<Value extends string | number>({ title, value, options }: ChoiceProps<Value>) {
  if (options.length < 2) return null;
  return (
    <label class="sort">
      {title}
      <select
        value={String(value.value)}
        onChange={(event) => {
          const chosen = options[event.currentTarget.selectedIndex];
          if (chosen) value.value = chosen.value;
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={String(option.value)}>
            {option.title}
          </option>
        ))}
      </select>
    </label>
  );
}
