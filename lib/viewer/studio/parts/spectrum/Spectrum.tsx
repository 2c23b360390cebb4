import type { FrequencyBands } from '../../../../methods/modulation';
import { percent } from '../../../../report/numbers';
import { keptShares, type LoadedSpectrum, loadSpectrum } from '../../data/spectrum';
import { useAnswer } from '../../data/useAnswer';
import { ProblemNote } from '../ProblemNote';
import { SpectrumPicture } from './SpectrumPicture';

interface SpectrumProps {
  run: string;
  /** As the form has them. */
  bands: FrequencyBands;
}

/** The spectrum of a run's gradient, with what r_l and r_h keep of it. */
export function Spectrum({ run, bands }: SpectrumProps) {
  const { answer, problem } = useAnswer(() => loadSpectrum(run), run);
  if (problem) return <ProblemNote problem={problem} />;
  if (!answer) return <p class="loading">Making updates of the run again …</p>;
  return <Measured spectrum={answer} bands={bands} />;
}

function Measured({ spectrum, bands }: { spectrum: LoadedSpectrum; bands: FrequencyBands }) {
  const { low, high, both } = keptShares(spectrum, bands);
  const said = `These bands keep ${percent(both)} of the gradient’s energy`;
  return (
    <figure class="spectrum">
      <SpectrumPicture spectrum={spectrum} bands={bands} label={`The spectrum of the gradient. ${said}.`} />
      <figcaption>
        <p class="kept-share" role="status">
          {said}: {percent(low)} in A, the low frequencies, and {percent(high)} in B, the high ones.
        </p>
        <p class="hint">{noteOn(spectrum)}</p>
      </figcaption>
    </figure>
  );
}

function noteOn({ shape, updates, opens }: LoadedSpectrum): string {
  return [
    'Bright and long is much energy, each decade a quarter of the scale; what is hatched is removed.',
    `The mean of ${updates.length} updates, ${updates[0]! + 1} to ${updates.at(-1)! + 1}, before the filter, on a grid of ${shape.join('×')}.`,
    opens ? 'This run began with its bands and opened them while it went on.' : '',
  ].join(' ');
}
