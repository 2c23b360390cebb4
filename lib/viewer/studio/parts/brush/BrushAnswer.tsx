import { percent } from '../../../../report/numbers';
import type { ClassBars } from '../../../../report/page/document';
import type { ClassProbability } from '../../../../studio/api';
import type { Kept, LiveBrush } from '../../data/brush/live';
import { meanOf } from '../../data/brush/maskFrames';
import { ProblemNote } from '../ProblemNote';

/** Classes that are shown. */
const SHOWN = 4;

/** What the model says of what is painted: of the run's class in a sentence, of the most probable classes as bars. */
export function BrushAnswer({ live, target }: { live: LiveBrush; target: string }) {
  const kept = live.kept.value;
  const problem = live.problem.value;
  if (problem) return <ProblemNote problem={problem} />;
  if (!kept) return <p class="loading">Asking the model …</p>;
  const original = live.original.classes;
  return (
    <section class="said" aria-label="What the model says">
      <p class="kept" role="status" aria-busy={live.isAsking.value}>
        <b>{percent(probabilityOf(kept.classes, target))}</b> {target}
        <small>
          {percent(probabilityOf(original, target))} on the clip; {percent(meanOf(kept.mask))} of it kept;
          answered in {kept.milliseconds.toFixed(0)} ms
        </small>
      </p>
      <KeptBars bars={barsOf(kept, original, target)} />
    </section>
  );
}

/** The run's class, and those that are most probable on what is kept. */
function barsOf({ classes }: Kept, original: ClassProbability[], target: string): ClassBars[] {
  const others = classes.filter(({ name }) => name !== target).slice(0, SHOWN - 1);
  return [target, ...others.map(({ name }) => name)].map((name) => ({
    name,
    original: probabilityOf(original, name),
    explained: probabilityOf(classes, name),
  }));
}

/** Bars without scales: a chart would take longer to draw than the model takes to answer. */
function KeptBars({ bars }: { bars: ClassBars[] }) {
  return (
    <ul class="kept-bars" aria-label="Probabilities on what is kept, and on the clip">
      {bars.map(({ name, original, explained }) => (
        <li key={name}>
          <b>{name}</b>
          <span>
            {percent(explained)} <small>(clip {percent(original)})</small>
          </span>
          <span class="share now" style={{ width: `${100 * explained}%` }} />
          <span class="share before" style={{ width: `${100 * original}%` }} />
        </li>
      ))}
    </ul>
  );
}

function probabilityOf(classes: ClassProbability[], wanted: string): number {
  return classes.find(({ name }) => name === wanted)?.probability ?? 0;
}
