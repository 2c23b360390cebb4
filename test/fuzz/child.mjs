// Runs the cases of one boundary in this process. Argument: JSON {boundary, seed, from, to, progress}. The number of the
// case under way is in the file `progress`, so that whoever started this knows it whatever happens; each violation is a
// line of JSON on stdout, and at the end comes one with the peak of memory.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FepError } from 'fep-native';
import { Random } from '../../dist/numbers/random.js';
import { peakMemory } from '../../dist/system/peakMemory.js';

const { boundary, seed, from, to, progress } = JSON.parse(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'fep-fuzz-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = openSync(progress, 'w');
let current = from;

const tell = (line) => writeSync(1, `${JSON.stringify(line)}\n`);
const violation = (what, error) =>
  tell({ case: current, what, message: String(error?.stack ?? error).slice(0, 600), code: error?.code });
process.on('unhandledRejection', (error) => violation('an uncaught rejection', error));
process.on('uncaughtException', (error) => violation('an uncaught exception', error));

/** What may be thrown: FepErrors, but for those that say that the defect is ours. */
function judge(error) {
  if (!(error instanceof FepError)) violation('not a FepError', error);
  else if (error.code === 'FEP_INTERNAL') violation('FEP_INTERNAL', error);
  else if (error.message === '') violation('no message', error);
}

const { default: prepare } = await import(`./boundaries/${boundary}.mjs`);
const attempt = prepare(folder);
const counts = { answered: 0, refused: 0 };
for (; current < to; current++) {
  writeSync(file, String(current).padEnd(12), 0);
  try {
    await attempt(new Random(seed, current));
    counts.answered++;
  } catch (error) {
    counts.refused++;
    judge(error);
  }
  if (current % 100 === 0) await new Promise(setImmediate); // rejections that nobody caught come out
}
await new Promise((done) => setTimeout(done, 50));
closeSync(file);
tell({ done: true, ...counts, peakMegabytes: Math.round(peakMemory() / 2 ** 20) });
process.exit(0);
