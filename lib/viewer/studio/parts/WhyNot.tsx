import { percent } from '../../../report/numbers';
import type { PredictionAnswer, RunRequest } from '../../../studio/api';
import { go } from '../data/address';
import { send } from '../data/client';
import { attempt, startRun } from '../data/store';
import { useAnswer } from '../data/useAnswer';

/** Classes that are offered. */
const SHOWN = 4;

/** “Why not sway?”: the same question of the next classes, one click each; and what an answer to it means. */
export function WhyNot({ request, explained }: { request: RunRequest; explained: string }) {
  const { clip, model, options } = request;
  const said = useAnswer(
    () => send<PredictionAnswer>('POST', '/api/predict', { clip, model }),
    JSON.stringify([clip, model]),
  );
  const predicted = said.answer?.classes[0];
  const others = said.answer?.classes.filter(({ name }) => name !== explained).slice(0, SHOWN) ?? [];
  const ask = (target: string) =>
    attempt(async () => {
      const run = await startRun({ clip, model, options: { ...options, target } });
      go({ name: 'run', id: run.id });
    });
  return (
    <section class="others" aria-label="Other classes">
      {predicted && predicted.name !== explained && (
        <p class="hint">
          The model says {predicted.name}, with {percent(predicted.probability)}. The mask below shows what
          speaks for {explained} all the same.
        </p>
      )}
      <p class="buttons">
        {predicted && <span class="note">Ask the same of another class:</span>}
        {others.map(({ name }) => (
          <button key={name} type="button" onClick={() => ask(name)}>
            Why not {name}?
          </button>
        ))}
      </p>
    </section>
  );
}
