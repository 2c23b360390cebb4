// The order in which npm test runs its files: those of one thread side by side, then one by one those that want the machine.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { root } from './run.mjs';
import { runAva, runPytest } from './runners.mjs';

/** Files that run with nothing beside them and on all cores, by the reason. */
const ALONE = {
  '14.models.full-size': 'compares with logits that two threads have made, and takes gigabytes',
  '40.golden':
    'runs on all cores, where the operators work in pieces: the published numbers have to come out there too',
  '52.cli.interrupt': 'asks that a command ends within two seconds',
  '86.report.browser': 'counts the frames a second that a browser shows',
  '96.queue': 'several workers at a time, and whoever is silent for two seconds counts as dead',
};

/** The tests of one lane use one thread each: what waits for the others of its own shall not spin on a core of a neighbour. */
const ONE_THREAD = { OMP_NUM_THREADS: '1', OMP_WAIT_POLICY: 'passive', VIPS_CONCURRENCY: '1' };

/** More at a time would want more memory than there is for each core. */
const MOST_SLOTS = 4;

const secondsFile = join(root, '.cache', 'test-seconds.json');

/**
 * Runs ava's files and pytest's folders, and prints of each what it said when it has ended.
 *
 * @returns of each `{ name, seconds, passed, failed, skipped }`
 */
export async function runLanes(files, folders) {
  const isAlone = (file) => basename(file, '.test.mjs') in ALONE;
  const shared = [
    ...folders.map((name) => ({ name, run: (how) => runPytest(name, how) })),
    ...files.filter((file) => !isAlone(file)).map(avaJob),
  ];
  const slots = Math.min(availableParallelism(), MOST_SLOTS);
  return [
    ...(await runSideBySide(longestFirst(shared), slots, { ...process.env, ...ONE_THREAD })),
    ...(await runSideBySide(longestFirst(files.filter(isAlone).map(avaJob)), 1, process.env)),
  ];
}

const avaJob = (name) => ({ name, run: (how) => runAva([name], how) });

/** Every slot takes the next job when it has done one. */
async function runSideBySide(jobs, slots, env) {
  const left = [...jobs];
  const results = [];
  const slot = async () => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) {
      const { log, ...result } = await job.run({ env, shown: false });
      console.log(`${heading(job.name, result.seconds)}\n${log.trimEnd()}\n`);
      results.push({ name: job.name, ...result });
    }
  };
  await Promise.all(Array.from({ length: slots }, slot));
  return results;
}

const heading = (name, seconds) => `# ${name}: ${seconds.toFixed(1)} s`;

/**
 * A long one at the end would be waited for by the other slots. What has never run here comes first: pytest, then the last
 * files, which put together what earlier ones test in parts.
 */
export function longestFirst(jobs, known = readSeconds()) {
  const secondsOf = ({ name }) => known[name] ?? Number.POSITIVE_INFINITY;
  const byName = (a, b) => Number(isAva(a)) - Number(isAva(b)) || (a.name < b.name ? 1 : -1);
  return jobs.toSorted((a, b) => {
    const [first, second] = [secondsOf(a), secondsOf(b)];
    return first === second ? byName(a, b) : second - first;
  });
}

const isAva = ({ name }) => name.endsWith('.mjs');

function readSeconds() {
  return existsSync(secondsFile) ? JSON.parse(readFileSync(secondsFile, 'utf8')) : {};
}

/** Prints how long each took, the longest first, and keeps it for the next run. */
export function reportSeconds(results) {
  const known = readSeconds();
  for (const { name, seconds } of results) known[name] = Number(seconds.toFixed(1));
  mkdirSync(dirname(secondsFile), { recursive: true });
  writeFileSync(secondsFile, `${JSON.stringify(known, null, 2)}\n`);
  for (const { name, seconds } of results.toSorted((a, b) => b.seconds - a.seconds))
    console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
}
