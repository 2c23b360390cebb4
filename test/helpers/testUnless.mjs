// Tests of what not every machine has: where it is missing they count as skipped, and their titles say why.
import test from 'ava';

/**
 * @param reason why such tests cannot run here; undefined where they can
 * @param declare `test` or `test.serial`
 */
export function testUnless(reason, declare = test) {
  if (reason === undefined) return declare;
  return (title, ...rest) => declare.skip(`${title} (left out: ${reason})`, ...rest);
}
