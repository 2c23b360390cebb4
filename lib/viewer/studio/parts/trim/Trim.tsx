import type { ClipChoice } from '../../../../studio/api';
import { loadFilmstrip } from '../../data/filmstrip';
import { useAnswer } from '../../data/useAnswer';
import { FilmstripPicture } from './FilmstripPicture';
import { TrimHandles } from './TrimHandles';

interface TrimProps {
  chosen: ClipChoice;
  model: string;
  onTrim: (range: Pick<ClipChoice, 'start' | 'end'>) => void;
}

/** The clip's frames in a row, and two handles: what is explained lies between them. */
export function Trim({ chosen, model, onTrim }: TrimProps) {
  const { source } = chosen;
  const { answer, problem } = useAnswer(() => loadFilmstrip(source, model), JSON.stringify([source, model]));
  return (
    <fieldset class="trim" aria-busy={!answer && !problem}>
      <legend class="unseen">Trim</legend>
      {problem && <p class="hint">There is no film strip: {problem.message}</p>}
      {answer && (
        <TrimHandles chosen={chosen} frames={answer.frames} fps={answer.fps} onTrim={onTrim}>
          <FilmstripPicture strip={answer} />
        </TrimHandles>
      )}
    </fieldset>
  );
}
