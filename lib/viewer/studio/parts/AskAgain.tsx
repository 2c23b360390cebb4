import { useSignal } from '@preact/signals';
import type { FrequencyBands } from '../../../methods/modulation';
import type { RunRequest, RunSummary } from '../../../studio/api';
import { runTitle } from '../../../studio/runs/runTitle';
import { DEFAULT_METHOD, go, hrefOf } from '../data/address';
import { optionsOf, typedOf } from '../data/options';
import { questionOf } from '../data/questionOf';
import { bandsOf, withRatio } from '../data/ratios';
import { attempt, fieldsOf, labelOf, startRun } from '../data/store';
import { OptionFields } from './OptionFields';
import { Spectrum } from './spectrum/Spectrum';

/** What is asked again most: how much, and which frequencies. */
const TUNED = ['area', 'lowRatio', 'highRatio'];

interface AskAgainProps {
  run: RunSummary;
  /** What the run filtered its gradient with; null where it has none, or none is known. */
  bands: FrequencyBands | null;
}

/** Asks a run's question again: with another area, with other frequencies, or all changed. */
export function AskAgain({ run, bands }: AskAgainProps) {
  const { request } = run;
  const typed = useSignal(request ? typedOf(request.options) : {});
  const open = useSignal(false);
  if (!request) return null; // a result that the studio did not make
  const fields = fieldsOf(methodOf(request)).filter(({ name }) => TUNED.includes(name));
  const type = (name: string, value: string) => {
    typed.value = bands ? withRatio(typed.value, name, value, bands) : { ...typed.value, [name]: value };
    if (name !== 'area') open.value = true;
  };
  return (
    <section class="panel" aria-label="Ask again">
      <h2>Ask again</h2>
      <OptionFields fields={fields} typed={typed.value} begins={{ ...bands }} onType={type} />
      {bands && (
        <details open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
          <summary>Which frequencies the run’s gradient has, and which of them these bands keep</summary>
          {open.value && <Spectrum run={run.id} bands={bandsOf(typed.value, bands)} />}
        </details>
      )}
      <p class="buttons">
        <button
          type="button"
          class="primary"
          onClick={() => attempt(() => askAgain(run, request, typed.value))}
        >
          Ask again
        </button>
        <a class="button" href={hrefOf({ name: 'new', question: questionOf(request) })}>
          Change everything
        </a>
      </p>
    </section>
  );
}

function methodOf({ options: { method = DEFAULT_METHOD } }: RunRequest): string {
  return String(method);
}

async function askAgain(
  { result, title }: RunSummary,
  request: RunRequest,
  typed: Record<string, string>,
): Promise<void> {
  const { clip, model } = request;
  const method = methodOf(request);
  const { target } = request.options;
  const again = result ? runTitle(result.target, labelOf(method)) : title;
  const options = {
    method,
    ...(target !== undefined && { target }),
    ...optionsOf(method, fieldsOf(method), typed),
  };
  go({ name: 'run', id: (await startRun({ clip, model, options, title: again })).id });
}
