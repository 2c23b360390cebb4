import type { FrequencyBands } from '../../../methods/modulation';
import type { ExplanationDocument } from '../../../report/page/document';
import type { RunResult, RunSummary } from '../../../studio/api';
import { ExplanationPage } from '../../pages/ExplanationPage';
import { ask } from '../data/client';
import { runs } from '../data/store';
import { useAnswer } from '../data/useAnswer';
import { AskAgain } from '../parts/AskAgain';
import { BrushPanel } from '../parts/brush/BrushPanel';
import { Exports } from '../parts/Exports';
import { LiveRun } from '../parts/LiveRun';
import { ProblemNote } from '../parts/ProblemNote';
import { WhyNot } from '../parts/WhyNot';

/** One run: live while it is at work, then its report, and what can be asked next. */
export function RunPage({ id }: { id: string }) {
  const run = runs.value.find((one) => one.id === id);
  if (!run) return <main class="page">{runs.value.length > 0 && <p>There is no such run.</p>}</main>;
  if (run.state === 'queued' || run.state === 'running') return <LiveRun run={run} />;
  if (!run.result) return <NoResult run={run} />;
  return <Result run={run} result={run.result} />;
}

function Result({ run, result }: { run: RunSummary; result: RunResult }) {
  const { id, state, request } = run;
  const { answer, problem } = useAnswer(() => ask<ExplanationDocument>(`/api/runs/${id}/document`), id);
  return (
    <>
      <div class="page before">
        {state === 'stopped' && <p class="hint">Stopped by hand: the mask as it was then.</p>}
        {request && <WhyNot request={request} explained={result.target} />}
      </div>
      {problem && <ProblemNote problem={problem} />}
      {!answer && !problem && <p class="loading">Loading …</p>}
      {answer && <ExplanationPage document={answer} keyboard="page" />}
      <div class="page after">
        {answer && request && <BrushPanel run={id} request={request} document={answer} />}
        <AskAgain run={run} bands={answer ? filterOf(answer) : null} />
        <Exports run={run} />
      </div>
    </>
  );
}

/** What a run filtered its gradient with; null where its method does not. */
function filterOf({ mask: { config } }: ExplanationDocument): FrequencyBands | null {
  const { modulation } = config as { modulation?: FrequencyBands | null };
  return modulation ?? null;
}

const WHY: Record<string, { message: string; hint: string }> = {
  cancelled: { message: 'The run was cancelled.', hint: 'Ask again below.' },
  interrupted: { message: 'The studio ended before the run did.', hint: 'Ask again below.' },
};

function NoResult({ run }: { run: RunSummary }) {
  const problem = run.problem ?? { code: 'FEP_ABORTED', ...(WHY[run.state] ?? WHY.cancelled!) };
  return (
    <main class="page">
      <h1>{run.title}</h1>
      <ProblemNote problem={problem} />
      <AskAgain run={run} bands={null} />
    </main>
  );
}
