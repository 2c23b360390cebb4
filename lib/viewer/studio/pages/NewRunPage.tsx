import { useSignal } from '@preact/signals';
import type { PredictionAnswer } from '../../../studio/api';
import { DEFAULT_METHOD, go, type Question, remember } from '../data/address';
import { send } from '../data/client';
import { loadSeenClip } from '../data/loadSeenClip';
import { optionsOf } from '../data/options';
import { attempt, facts, fieldsOf, startRun } from '../data/store';
import { useAnswer } from '../data/useAnswer';
import { ClassPicker } from '../parts/ClassPicker';
import { ClipPicker } from '../parts/ClipPicker';
import { ClipView } from '../parts/ClipView';
import { MethodChoice } from '../parts/MethodChoice';
import { MethodOptions } from '../parts/MethodOptions';
import { ModelPicker } from '../parts/ModelPicker';
import { PredictionBars } from '../parts/PredictionBars';
import { ProblemNote } from '../parts/ProblemNote';
import { Trim } from '../parts/trim/Trim';

const FIRST: Question = {
  clip: { source: { kind: 'sample' } },
  model: 'shipped:r2plus1d-mini',
  method: DEFAULT_METHOD,
  targets: [],
  options: {},
};

/** What to explain, and how: the clip, the model and what it says, the class, the method. */
export function NewRunPage({ asked }: { asked: Partial<Question> }) {
  const question = useSignal<Question>({ ...FIRST, ...asked });
  const { clip, model, method, targets, options } = question.value;
  const change = (part: Partial<Question>) => {
    question.value = { ...question.value, ...part };
    remember(question.value);
  };
  const of = JSON.stringify([clip, model]);
  const seen = useAnswer(() => loadSeenClip(clip, model), of);
  const said = useAnswer(() => send<PredictionAnswer>('POST', '/api/predict', { clip, model }), of);
  const methods = facts.value?.methods ?? [];
  const card = methods.find(({ name }) => name === method) ?? methods[0]!;
  const failure = seen.problem ?? said.problem;
  return (
    <main class="page">
      <h1>What does the model look at?</h1>
      <div class="columns">
        <section class="panel" aria-label="Clip">
          <h2>1. A clip and a model</h2>
          <ClipPicker chosen={clip.source} onChoose={(source) => change({ clip: { source } })} />
          <ModelPicker chosen={model} onChoose={(id) => change({ model: id, targets: [] })} />
          {clip.source.kind !== 'synthetic' && (
            <Trim
              key={JSON.stringify(clip.source)}
              chosen={clip}
              model={model}
              onTrim={(range) => change({ clip: { source: clip.source, ...range } })}
            />
          )}
          {failure && <ProblemNote problem={failure} />}
          {!seen.answer && !failure && <p class="loading">Loading the model and the clip …</p>}
          {seen.answer && <ClipView {...seen.answer} mask={null} />}
        </section>
        <section class="panel" aria-label="Class">
          <h2>2. What it says, and what to explain</h2>
          {!said.answer && !failure && <p class="loading">Asking the model …</p>}
          {said.answer && (
            <PredictionBars
              classes={said.answer.classes}
              onAsk={(name) => !targets.includes(name) && change({ targets: [...targets, name] })}
            />
          )}
          <ClassPicker
            classes={seen.answer?.model.classes ?? []}
            chosen={targets}
            onChoose={(names) => change({ targets: names })}
          />
          <StartButton question={question.value} ready={said.answer !== undefined} />
        </section>
      </div>
      <section class="panel" aria-label="Method">
        <h2>3. How</h2>
        <MethodChoice
          methods={methods}
          chosen={method}
          onChoose={(name) => change({ method: name, options: {} })}
        />
        <MethodOptions
          card={card}
          typed={options}
          onType={(name, value) => change({ options: { ...options, [name]: value } })}
        />
      </section>
    </main>
  );
}

function StartButton({ question, ready }: { question: Question; ready: boolean }) {
  const busy = useSignal(false);
  const start = async () => {
    busy.value = true;
    await attempt(() => startAll(question));
    busy.value = false;
  };
  return (
    <button type="button" class="primary" disabled={!ready || busy.value} onClick={start}>
      {question.targets.length > 1 ? `Explain ${question.targets.length} classes` : 'Explain'}
    </button>
  );
}

/** A run for each class; several are shown side by side. */
async function startAll({ clip, model, method, targets, options }: Question): Promise<void> {
  const given = { method, ...optionsOf(fieldsOf(method), options) };
  const ids: string[] = [];
  for (const target of targets.length === 0 ? [undefined] : targets) {
    const run = await startRun({
      clip,
      model,
      options: { ...given, ...(target !== undefined && { target }) },
    });
    ids.push(run.id);
  }
  go(ids.length === 1 ? { name: 'run', id: ids[0]! } : { name: 'compare', ids });
}
