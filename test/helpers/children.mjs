// Processes that a test starts and does not wait for: whatever becomes of the test, they end with its file, or ava would wait
// for them.
import test from 'ava';

const children = new Set();

test.after.always(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Ends a process with the test file, if it has not ended before; returns it. */
export function endWithTests(child) {
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}
