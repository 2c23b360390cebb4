import { percent } from '../../report/numbers';
import type { MetricDocument } from '../../report/page/document';
import type { LoadedClip, LoadedMethod } from '../data/load';
import type { Look } from '../state/look';
import type { Playback } from '../state/playback';
import { Player } from './Player';

interface MethodCardProps {
  clip: LoadedClip;
  playback: Playback;
  look: Look;
  method: LoadedMethod;
  /** The metric that the cards are sorted by, shown on the card. */
  metric: MetricDocument | undefined;
  onEnlarge: () => void;
}

/** A method's player and scores; a click enlarges it. */
export function MethodCard({ clip, playback, look, method, metric, onEnlarge }: MethodCardProps) {
  const { method: name, probability, predicted, control, loaded, scores } = method;
  const area = loaded.histogram.area(look.threshold.value);
  return (
    <li class="card" data-method={name}>
      <button type="button" class="enlarge" onClick={onEnlarge} aria-label={`Enlarge ${name}`}>
        <Player
          clip={clip}
          playback={playback}
          look={look}
          mask={loaded}
          width={240}
          label={`The clip under its mask, by ${name}`}
        />
      </button>
      <h3>
        {name}
        {control && <span class="tag">control</span>}
      </h3>
      <p class="figure">{percent(probability.explained)}</p>
      <p class="note">{predicted ? `predicted: ${predicted.name}` : 'probability kept'}</p>
      <p class="note">
        M ≥ {look.threshold.value.toFixed(2)}: <span data-measure="area">{percent(area)}</span>
      </p>
      {metric && (
        <p class="note strong">
          {metric.title} {formatScore(scores[metric.name])}
        </p>
      )}
    </li>
  );
}

/** A score in %, or a dash if there is none. */
export function formatScore(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : percent(value);
}
