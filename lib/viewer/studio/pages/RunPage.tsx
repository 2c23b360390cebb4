import type { RunSummary } from '../../../studio/api';
import { runs } from '../data/store';
import { AskAgain } from '../parts/AskAgain';
import { Exports } from '../parts/Exports';
import { LiveRun } from '../parts/LiveRun';
import { ProblemNote } from '../parts/ProblemNote';
import { Report } from '../parts/Report';
import { WhyNot } from '../parts/WhyNot';

/** One run: live while it is at work, then its report, and what can be asked next. */
export function RunPage({ id }: { id: string }) {
  const run = runs.value.find((one) => one.id === id);
  if (!run) return <main class="page">{runs.value.length > 0 && <p>There is no such run.</p>}</main>;
  if (run.state === 'queued' || run.state === 'running') return <LiveRun run={run} />;
  if (!run.result) return <NoResult run={run} />;
  return (
    <>
      {run.state === 'stopped' && <p class="hint first">Stopped by hand: the mask as it was then.</p>}
      {run.request && <WhyNot request={run.request} explained={run.result.target} />}
      <Report id={id} />
      <div class="page after">
        <AskAgain run={run} />
        <Exports run={run} />
      </div>
    </>
  );
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
      <AskAgain run={run} />
    </main>
  );
}
