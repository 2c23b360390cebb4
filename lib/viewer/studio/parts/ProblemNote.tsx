import type { Problem } from '../../../studio/api';

/** What went wrong, and the one thing to do. */
export function ProblemNote({ problem, onClose }: { problem: Problem; onClose?: () => void }) {
  return (
    <div class="problem" role="alert">
      <p>
        <b>{problem.message}</b> {problem.hint}
      </p>
      {onClose && (
        <button type="button" class="plain" onClick={onClose}>
          Close
        </button>
      )}
    </div>
  );
}
