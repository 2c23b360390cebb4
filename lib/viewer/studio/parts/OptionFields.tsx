import type { OptionField } from '../../../studio/api';
import { titleOf } from '../data/options';

interface OptionFieldsProps {
  fields: OptionField[];
  typed: Record<string, string>;
  /** Where sliders stand while nothing is typed; by default at the default, and pale where that is no number. */
  begins?: Record<string, number>;
  onType: (name: string, value: string) => void;
}

/** Options of a method, each with its unit and its default; an empty one is left to the method. */
export function OptionFields({ fields, typed, begins = {}, onType }: OptionFieldsProps) {
  return (
    <div class="options">
      {fields.map((field) => (
        <div key={field.name} class="option">
          <b>{titleOf(field)}</b>
          <Control
            field={field}
            value={typed[field.name] ?? ''}
            begin={begins[field.name] ?? numberOf(field.default)}
            onType={(value) => onType(field.name, value)}
          />
          <small>
            {field.help}
            {field.default !== null && `; default: ${field.default}`}
            {field.source !== null && ` (${field.source})`}
          </small>
        </div>
      ))}
    </div>
  );
}

function numberOf(text: string | null): number | undefined {
  return text !== null && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

interface ControlProps {
  field: OptionField;
  value: string;
  begin: number | undefined;
  onType: (value: string) => void;
}

function Control({ field, value, begin, onType }: ControlProps) {
  if (field.kind === 'switch' || field.kind === 'choice')
    return <Select field={field} value={value} onType={onType} />;
  const placeholder = field.unit ?? '';
  const isNumber = field.kind !== 'text';
  return (
    <span class="control">
      <input
        type={isNumber ? 'number' : 'text'}
        step={field.kind === 'integer' ? 1 : 'any'}
        min={field.minimum ?? undefined}
        max={field.maximum ?? undefined}
        value={value}
        placeholder={placeholder}
        aria-label={titleOf(field)}
        onInput={(event) => onType(event.currentTarget.value)}
      />
      {field.kind === 'number' && field.minimum === 0 && field.maximum === 1 && (
        <input
          type="range"
          min={0}
          max={1}
          step={0.01}
          value={value === '' ? (begin ?? 0) : value}
          data-unset={value === '' && begin === undefined}
          aria-label={`${titleOf(field)} slider`}
          onInput={(event) => onType(event.currentTarget.value)}
        />
      )}
    </span>
  );
}

function Select({ field, value, onType }: Omit<ControlProps, 'begin'>) {
  const choices = field.kind === 'switch' ? ['true'] : field.choices;
  return (
    <select value={value} aria-label={titleOf(field)} onChange={(event) => onType(event.currentTarget.value)}>
      <option value="">default</option>
      {choices.map((choice) => (
        <option key={choice}>{choice}</option>
      ))}
    </select>
  );
}
