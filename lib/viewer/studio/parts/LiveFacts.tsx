import { percent } from '../../../report/numbers';
import type { ProgressFrame } from '../../../studio/api';
import { type Fact, Facts } from '../../parts/Facts';
import type { Moment } from '../data/frames';

/** How far a run is: iteration, energy, area, probability kept, expected end. */
export function LiveFacts({ moment }: { moment: Moment | null }) {
  if (!moment) return <progress aria-label="Progress" />;
  const { progress } = moment;
  const done = progress.iteration + 1;
  return (
    <>
      <progress aria-label="Progress" value={done} max={progress.iterations} />
      <Facts facts={factsOf(progress, done)} />
    </>
  );
}

function factsOf(
  { iterations, reward, area, core = 0, realisedArea, kept, seconds }: ProgressFrame,
  done: number,
): Fact[] {
  const energy = reward === undefined || area === undefined ? undefined : reward + area + core;
  return [
    { term: 'Iteration', value: String(done), note: `of at most ${iterations}` },
    { term: 'Ends in about', value: `${Math.ceil((seconds / done) * (iterations - done))} s` },
    ...(energy === undefined
      ? []
      : [{ term: 'Energy', value: energy.toFixed(2), note: 'falls as the mask gets better' }]),
    ...(realisedArea === undefined
      ? []
      : [{ term: 'Area', value: percent(realisedArea), note: 'of the clip is kept' }]),
    ...(kept === undefined
      ? []
      : [{ term: 'Probability kept', value: percent(kept), note: 'of the class, on what is kept' }]),
  ];
}
