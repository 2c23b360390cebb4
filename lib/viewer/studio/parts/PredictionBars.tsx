import { percent } from '../../../report/numbers';
import type { ClassProbability } from '../../../studio/api';

const SHOWN = 5;

interface PredictionBarsProps {
  classes: ClassProbability[];
  /** Called with a class that is to be explained. */
  onAsk?: (name: string) => void;
}

/** What a model says of a clip: the most probable classes, each with a bar; a click asks for it. */
export function PredictionBars({ classes, onAsk }: PredictionBarsProps) {
  return (
    <ul class="bars" aria-label="Prediction">
      {classes.slice(0, SHOWN).map(({ index, name, probability }) => (
        <li key={index}>
          <button type="button" onClick={() => onAsk?.(name)}>
            <span class="fill" style={{ width: `${100 * probability}%` }} />
            <span class="unseen">Explain </span>
            <b>{name}</b> <span>{percent(probability)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
