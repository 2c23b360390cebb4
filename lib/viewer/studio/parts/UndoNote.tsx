import { attempt, deleted, restoreRun } from '../data/store';

/** Says that a run was deleted, and brings it back. */
export function UndoNote() {
  const run = deleted.value;
  return (
    <div class="undo" role="status">
      {run && (
        <p>
          Deleted “{run.title}”.
          <button type="button" class="plain" onClick={() => attempt(() => restoreRun(run))}>
            Undo
          </button>
          <button type="button" class="plain" onClick={() => (deleted.value = null)}>
            Close
          </button>
        </p>
      )}
    </div>
  );
}
