import { useEffect, useRef } from 'preact/hooks';
import { hrefOf, view } from './data/address';
import { attempt, connected, facts, follow, loadFacts, problem } from './data/store';
import { useKeptFocus } from './data/useKeptFocus';
import { ComparePage } from './pages/ComparePage';
import { NewRunPage } from './pages/NewRunPage';
import { RunPage } from './pages/RunPage';
import { RunsPage } from './pages/RunsPage';
import { ProblemNote } from './parts/ProblemNote';
import { UndoNote } from './parts/UndoNote';

const NO_SERVER = {
  code: 'FEP_IO',
  message: 'The studio has ended, or the line to it broke.',
  hint: 'If it does not come back, start it again with npx fep-native studio and open the address that it prints. Its runs are kept.',
};

/** The studio: a bar with its views, and the view that the address names. */
export function StudioApp() {
  const place = useRef<HTMLDivElement>(null);
  useKeptFocus(place);
  useEffect(() => {
    void attempt(loadFacts);
    return follow();
  }, []);
  return (
    <div ref={place}>
      <Bar />
      {!connected.value && <ProblemNote problem={NO_SERVER} />}
      {problem.value && <ProblemNote problem={problem.value} onClose={() => (problem.value = null)} />}
      {facts.value && <CurrentView />}
      <UndoNote />
    </div>
  );
}

function Bar() {
  const { name } = view.value;
  const here = (to: string) => (name === to ? 'page' : undefined);
  return (
    <header class="bar">
      <p class="brand">fep-native studio</p>
      <nav aria-label="Views">
        <a href={hrefOf({ name: 'new', question: {} })} aria-current={here('new')}>
          New run
        </a>
        <a href={hrefOf({ name: 'runs' })} aria-current={here('runs')}>
          Runs
        </a>
      </nav>
    </header>
  );
}

function CurrentView() {
  const now = view.value;
  switch (now.name) {
    case 'new':
      return <NewRunPage key={JSON.stringify(now.question)} asked={now.question} />;
    case 'run':
      return <RunPage key={now.id} id={now.id} />;
    case 'runs':
      return <RunsPage />;
    case 'compare':
      return <ComparePage key={now.ids.join()} ids={now.ids} />;
  }
}
