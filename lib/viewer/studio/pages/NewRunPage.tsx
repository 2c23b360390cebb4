import { useSignal } from '@preact/signals';
import type { ClipChoice, PredictionAnswer } from '../../../studio/api';
import { runTitle } from '../../../studio/runs/runTitle';
import { DEFAULT_METHOD, go, type Question, remember } from '../data/address';
import { send } from '../data/client';
import { loadSeenClip, type SeenClip } from '../data/loadSeenClip';
import { optionsOf } from '../data/options';
import { attempt, facts, fieldsOf, labelOf, startRun } from '../data/store';
import { useAnswer } from '../data/useAnswer';
import { ClassPicker } from '../parts/ClassPicker';
import { ClipPicker } from '../parts/ClipPicker';
import { ClipView } from '../parts/ClipView';
import { MethodChoice } from '../parts/MethodChoice';
import { MethodOptions } from '../parts/MethodOptions';
import { ModelPicker } from '../parts/ModelPicker';
import { PredictionBars } from '../parts/PredictionBars';
import { ProblemNote } from '../parts/ProblemNote';
import { SamplePicker } from '../parts/SamplePicker';
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
      <p class="lead">
        The part of a clip that a model’s answer rests on is found while you watch. For a first look press
        Explain: everything below is set.
      </p>
      <div class="columns">
        <section class="panel" aria-label="Clip">
          <h2>1. A clip and a model</h2>
          <ClipPicker chosen={clip.source} onChoose={(source) => change({ clip: { source } })} />
          <SamplePicker chosen={clip.source} onChoose={(source) => change({ clip: { source } })} />
          <ModelPicker chosen={model} onChoose={(id) => change({ model: id, targets: [] })} />
          {canTrim(clip) && (
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
          {seen.answer && <TrueClass {...seen.answer} />}
        </section>
        <section class="panel" aria-label="Class">
          <h2>2. What it says, and what to explain</h2>
          {!said.answer && !failure && <p class="loading">Asking the model …</p>}
          {said.answer && <p class="note">Click a class to explain it; several become runs side by side.</p>}
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
          <StartButton question={question.value} predicted={said.answer?.classes[0]?.name} />
        </section>
      </div>
      <section class="panel" aria-label="Method">
        <h2>3. How</h2>
        <p class="note">Fields that are left empty are left to the method.</p>
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

/** Samples of data sets are taken whole: their boxes belong to the frames that the data set names. */
function canTrim({ source }: ClipChoice): boolean {
  return source.kind !== 'synthetic' && source.kind !== 'data';
}

/** What a data set says of its sample. */
function TrueClass({ label, clip: { boxes } }: SeenClip) {
  if (label === null) return null;
  return (
    <p class="note">
      The data set says <b>{label}</b>
      {boxes && '; its boxes are drawn'}.
    </p>
  );
}

function StartButton({ question, predicted }: { question: Question; predicted: string | undefined }) {
  const busy = useSignal(false);
  const start = async () => {
    busy.value = true;
    await attempt(() => startAll(question, predicted));
    busy.value = false;
  };
  return (
    <button type="button" class="primary" disabled={predicted === undefined || busy.value} onClick={start}>
      {question.targets.length > 1 ? `Explain ${question.targets.length} classes` : 'Explain'}
    </button>
  );
}

/** A run for each class; several are shown side by side. */
async function startAll(question: Question, predicted: string | undefined): Promise<void> {
  const { clip, model, method, targets, options } = question;
  const given = { method, ...optionsOf(method, fieldsOf(method), options) };
  const ids: string[] = [];
  for (const target of targets.length === 0 ? [undefined] : targets) {
    const run = await startRun({
      clip,
      model,
      options: { ...given, ...(target !== undefined && { target }) },
      title: runTitle(String(target ?? predicted), labelOf(method)),
    });
    ids.push(run.id);
  }
  go(ids.length === 1 ? { name: 'run', id: ids[0]! } : { name: 'compare', ids });
}
