import { useSignal } from '@preact/signals';
import type { RunSummary } from '../../../studio/api';
import { DEFAULT_METHOD, go, hrefOf } from '../data/address';
import { optionsOf, typedOf } from '../data/options';
import { questionOf } from '../data/questionOf';
import { attempt, fieldsOf, startRun } from '../data/store';
import { OptionFields } from './OptionFields';

/** What is asked again most: how much, and which frequencies. */
const TUNED = ['area', 'lowRatio', 'highRatio'];

/** Asks a run's question again: with another area, with other frequencies, or all changed. */
export function AskAgain({ run }: { run: RunSummary }) {
  const { request } = run;
  const typed = useSignal(request ? typedOf(request.options) : {});
  if (!request) return null; // a result that the studio did not make
  const { method = DEFAULT_METHOD } = request.options;
  const fields = fieldsOf(String(method));
  const tuned = fields.filter(({ name }) => TUNED.includes(name));
  const ask = () =>
    attempt(async () => {
      const { target } = request.options;
      const options = { method, ...(target !== undefined && { target }), ...optionsOf(fields, typed.value) };
      go({ name: 'run', id: (await startRun({ clip: request.clip, model: request.model, options })).id });
    });
  return (
    <section class="panel" aria-label="Ask again">
      <h2>Ask again</h2>
      <OptionFields
        fields={tuned}
        typed={typed.value}
        onType={(name, value) => {
          typed.value = { ...typed.value, [name]: value };
        }}
      />
      <p class="buttons">
        <button type="button" class="primary" onClick={ask}>
          Ask again
        </button>
        <a class="button" href={hrefOf({ name: 'new', question: questionOf(request) })}>
          Change everything
        </a>
      </p>
    </section>
  );
}
