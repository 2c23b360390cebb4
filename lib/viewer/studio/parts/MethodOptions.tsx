import type { MethodCard } from '../../../studio/api';
import { isOneOfFew } from '../data/options';
import { OptionFields } from './OptionFields';

interface MethodOptionsProps {
  card: MethodCard;
  typed: Record<string, string>;
  onType: (name: string, value: string) => void;
}

/** The few options that matter, and all others folded away. */
export function MethodOptions({ card, typed, onType }: MethodOptionsProps) {
  const others = card.options.filter((field) => !isOneOfFew(field));
  const few = card.options.filter(isOneOfFew);
  return (
    <>
      <OptionFields fields={few} typed={typed} onType={onType} />
      <details class="more">
        <summary>All other options of {card.label}</summary>
        <OptionFields fields={others} typed={typed} onType={onType} />
      </details>
    </>
  );
}
