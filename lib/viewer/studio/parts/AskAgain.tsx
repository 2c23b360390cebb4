import { useSignal } from '@preact/signals';
import type { PredictionAnswer, RunSummary } from '../../../studio/api';
import { go, hrefOf } from '../data/address';
import { send } from '../data/client';
import { optionsOf, typedOf } from '../data/options';
import { questionOf } from '../data/questionOf';
import { attempt, facts, startRun } from '../data/store';
import { useAnswer } from '../data/useAnswer';
import { OptionFields } from './OptionFields';

/** What is asked again most: how much, and which frequencies. */
const TUNED = ['area', 'lowRatio', 'highRatio'];
const CLASSES = 4;

/** Asks a run's question again: of another class, with another area, with other frequencies, or all changed. */
export function AskAgain({ run }: { run: RunSummary }) {
  const { request } = run;
  const typed = useSignal(request ? typedOf(request.options) : {});
  if (!request) return null; // a result that the studio did not make
  const { method = 'f-ep' } = request.options;
  const fields = facts.value?.methods.find(({ name }) => name === method)?.options ?? [];
  const tuned = fields.filter(({ name }) => TUNED.includes(name));
  const ask = (change: Record<string, unknown>) =>
    attempt(async () => {
      const { target } = request.options;
      const options = {
        method,
        ...(target !== undefined && { target }),
        ...optionsOf(fields, typed.value),
        ...change,
      };
      go({ name: 'run', id: (await startRun({ clip: request.clip, model: request.model, options })).id });
    });
  return (
    <section class="panel" aria-label="Ask again">
      <h2>Ask again</h2>
      <OtherClasses run={run} onAsk={(target) => ask({ target })} />
      <OptionFields
        fields={tuned}
        typed={typed.value}
        onType={(name, value) => {
          typed.value = { ...typed.value, [name]: value };
        }}
      />
      <p class="buttons">
        <button type="button" class="primary" onClick={() => ask({})}>
          Ask again
        </button>
        <a class="button" href={hrefOf({ name: 'new', question: questionOf(request) })}>
          Change everything
        </a>
      </p>
    </section>
  );
}

/** “Why not sway?”: the next classes, one click each. */
function OtherClasses({ run, onAsk }: { run: RunSummary; onAsk: (name: string) => void }) {
  const { clip, model } = run.request!;
  const { answer } = useAnswer(() => send<PredictionAnswer>('POST', '/api/predict', { clip, model }), run.id);
  const others = answer?.classes.filter(({ name }) => name !== run.result?.target).slice(0, CLASSES) ?? [];
  return (
    <p class="buttons">
      {others.map(({ name }) => (
        <button key={name} type="button" onClick={() => onAsk(name)}>
          Why not {name}?
        </button>
      ))}
    </p>
  );
}
