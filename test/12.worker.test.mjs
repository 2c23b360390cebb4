// Long work: aborting, disposing, side by side, progress, worker threads, and ending the process in the middle.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { explain, FepError, loadModel } from 'fep-native';
import { difference, GOLDEN, golden, goldenClip, softmax, TINY, tiny } from './helpers/golden.mjs';
import { ENDLESS, ON_THEIR_WAY, SOON, settled, watch } from './helpers/runs.mjs';

const SHORT = { ...ENDLESS, iterations: 4 };
const ENTRY = new URL('../dist/index.mjs', import.meta.url).href;
const root = fileURLToPath(new URL('..', import.meta.url));

/** The model still does what it should. */
async function works(t, model, clip) {
  const { maximum } = difference(await model.predict(clip), softmax(GOLDEN.logits));
  t.true(maximum <= 1e-5, `off by ${maximum}`);
}

test.serial('a signal that has fired before the start', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const reason = new Error('changed my mind');
  const signal = AbortSignal.abort(reason);
  const seen = [];
  // The model is busy for hours: whoever waits for it does not come to an end.
  const stop = new AbortController();
  const busy = explain(model, clip, { ...ENDLESS, signal: stop.signal });
  for (const call of [
    () => explain(model, clip, { ...ENDLESS, signal, onProgress: (p) => seen.push(p) }),
    () => model.predict(clip, signal),
    () => loadModel(golden('tiny.pt'), { ...TINY, signal }),
  ]) {
    const { error } = await settled(call());
    t.true(error instanceof FepError);
    t.is(error.code, 'FEP_ABORTED');
    t.is(error.cause, reason);
  }
  t.deepEqual(seen, []);
  stop.abort();
  t.is((await settled(busy)).error.code, 'FEP_ABORTED');
  await works(t, model, clip);
});

test.serial('an abort in the middle ends the run, and the model goes on', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const { onProgress, running, stopped } = watch();
  const stop = new AbortController();
  const run = explain(model, clip, { ...ENDLESS, onProgress, signal: stop.signal });
  await running;
  stop.abort('enough');
  const since = stopped();
  const { error, milliseconds } = await settled(run);
  t.is(error.code, 'FEP_ABORTED');
  t.is(error.cause, 'enough');
  t.true(milliseconds < SOON, `${milliseconds} ms`);
  await works(t, model, clip);
  t.true(since() <= ON_THEIR_WAY, `${since()} more iterations were reported`);
  t.is((await explain(model, clip, SHORT)).masks[0].energy.length, 4);
});

test.serial('an abort takes a queued run only', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const stop = new AbortController();
  const first = explain(model, clip, { ...SHORT, iterations: 10 });
  const second = explain(model, clip, { ...ENDLESS, signal: stop.signal });
  const third = explain(model, clip, SHORT);
  stop.abort();
  t.is((await settled(second)).error.code, 'FEP_ABORTED');
  t.is((await first).masks[0].energy.length, 10);
  t.is((await third).masks[0].energy.length, 4);
});

test.serial('dispose in the middle rejects everything that is left', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const { onProgress, running, stopped } = watch();
  const run = explain(model, clip, { ...ENDLESS, onProgress });
  const queued = explain(model, clip, SHORT);
  await running;
  model.dispose();
  const since = stopped();
  const results = await Promise.all([settled(run), settled(queued)]);
  t.deepEqual(
    results.map(({ error }) => error?.code),
    ['FEP_DISPOSED', 'FEP_DISPOSED'],
  );
  t.true(results[0].milliseconds < SOON, `${results[0].milliseconds} ms`);
  t.true(since() <= ON_THEIR_WAY, `${since()} more iterations were reported`);
});

test.serial('two models at once, several explanations on each: nothing gets mixed up', async (t) => {
  const [a, b] = await Promise.all([tiny(t), tiny(t)]);
  const clip = await goldenClip(a);
  const options = [0, 1, 2].map((target) => ({ ...SHORT, target }));
  const alone = [];
  for (const one of options) alone.push(await explain(a, clip, one));
  t.not(alone[0].masks[0].energy[3].reward, alone[1].masks[0].energy[3].reward);
  const together = await Promise.all(
    [a, b].flatMap((model) => options.map((one) => explain(model, clip, one))),
  );
  t.is(together.length, 6);
  together.forEach(({ target, masks }, i) => {
    const expected = alone[i % 3];
    t.is(target.index, i % 3);
    t.deepEqual(masks[0].energy, expected.masks[0].energy);
    t.deepEqual(masks[0].mask, expected.masks[0].mask);
  });
});

test.serial('what onProgress throws stops the run and reaches the caller', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const mine = new RangeError('mine');
  let calls = 0;
  const onProgress = () => {
    calls++;
    throw mine;
  };
  const { error } = await settled(explain(model, clip, { ...ENDLESS, onProgress }));
  t.is(error, mine);
  t.true(calls >= 1);
  const last = await settled(explain(model, clip, { ...SHORT, iterations: 1, onProgress }));
  t.is(last.error, mine, 'in the last iteration too');
  await works(t, model, clip);
});

test.serial('progress: in order, throttled, and the last iteration is told', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  const seen = [];
  const { masks, timing } = await explain(model, clip, {
    ...ENDLESS,
    iterations: 60,
    onProgress: (p) => seen.push(p),
  });
  const numbers = seen.map(({ iteration }) => iteration);
  t.deepEqual(
    numbers,
    [...new Set(numbers)].sort((x, y) => x - y),
  );
  t.is(numbers.at(-1), 59);
  t.true(seen.every(({ iterations }) => iterations === 60));
  // At most ten a second, the first and the last.
  t.true(seen.length <= timing.seconds * 10 + 2, `${seen.length} calls in ${timing.seconds} s`);
  t.true(seen.length >= 2);
  for (const { iteration, reward, area, core, realisedArea } of seen) {
    t.deepEqual({ iteration, reward, area, core }, masks[0].energy[iteration]);
    t.true(realisedArea > 0 && realisedArea <= 1);
  }
  t.true(Math.abs(seen.at(-1).realisedArea - masks[0].realisedArea) < 1e-5);
});

test.serial('the event loop runs on', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const iterations = 30;
  await explain(model, clip, { ...ENDLESS, iterations });
  clearInterval(timer);
  // An explanation on this thread would let it turn once an iteration at most. One takes tens of milliseconds, on a busy
  // machine more, and then the turns take longer as well.
  t.true(turns > 3 * iterations, `${turns} turns in ${iterations} iterations`);
});

/** A worker thread that loads the model and explains for as long as `iterations` says. */
function workerThread(iterations) {
  const program = `
    const { parentPort } = require('node:worker_threads');
    const { explain, loadModel, readClip } = require(${JSON.stringify(`${root}dist/index.js`)});
    (async () => {
      const model = await loadModel(${JSON.stringify(golden('tiny.pt'))}, ${JSON.stringify(TINY)});
      const clip = await readClip(${JSON.stringify(golden('clip.npy'))}, model.manifest.input);
      const options = ${JSON.stringify({ ...ENDLESS, iterations })};
      const onProgress = ({ iteration }) => parentPort.postMessage({ iteration });
      const { masks } = await explain(model, clip, { ...options, onProgress });
      model.dispose();
      parentPort.postMessage({ energy: masks[0].energy });
    })();`;
  return new Worker(program, { eval: true });
}

test.serial('a worker thread explains as the main thread does', async (t) => {
  const model = await tiny(t);
  const expected = await explain(model, await goldenClip(model), SHORT);
  const workers = [workerThread(4), workerThread(4)];
  const ends = workers.map((worker) => once(worker, 'exit'));
  const results = await Promise.all(
    workers.map(
      (worker) =>
        new Promise((resolve, reject) => {
          worker.on('message', ({ energy }) => energy && resolve(energy));
          worker.once('error', reject);
        }),
    ),
  );
  for (const energy of results) t.deepEqual(energy, expected.masks[0].energy);
  t.deepEqual(await Promise.all(ends), [[0], [0]], 'and ends by itself');
});

test.serial('a worker thread that is terminated takes its model along, and nothing else', async (t) => {
  const model = await tiny(t);
  const clip = await goldenClip(model);
  for (let round = 0; round < 3; round++) {
    const worker = workerThread(1_000_000);
    await once(worker, 'message');
    await sleep(30 * round);
    const { milliseconds } = await settled(worker.terminate());
    t.true(milliseconds < SOON, `${milliseconds} ms`);
  }
  await works(t, model, clip);
});

/** Runs a program with a model and a clip in a process of its own. */
function child(body) {
  const program = `
    import { explain, loadModel, readClip } from ${JSON.stringify(ENTRY)};
    const model = await loadModel(${JSON.stringify(golden('tiny.pt'))}, ${JSON.stringify(TINY)});
    const clip = await readClip(${JSON.stringify(golden('clip.npy'))}, model.manifest.input);
    const ENDLESS = ${JSON.stringify(ENDLESS)};
    ${body}`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
  });
}

test.serial('process.exit in the middle gives the code that was asked for', (t) => {
  for (const milliseconds of [0, 150]) {
    const { status, signal, stderr } = child(
      `const onProgress = () => setTimeout(() => process.exit(7), ${milliseconds});
       await explain(model, clip, { ...ENDLESS, onProgress });`,
    );
    t.is(signal, null);
    t.is(status, 7, stderr);
    t.is(stderr, '');
  }
});

test.serial('an exit with queued work, and a model never disposed of', (t) => {
  const queued = child(`
    for (let i = 0; i < 5; i++) explain(model, clip, ENDLESS);
    setTimeout(() => process.exit(9), 50);`);
  t.is(queued.status, 9, queued.stderr);
  const idle = child("await model.predict(clip); console.log('done');");
  t.is(idle.status, 0, idle.stderr);
  t.is(idle.stdout, 'done\n');
});

test('the entry that children import is the one under test', (t) => {
  t.is(import.meta.resolve?.('fep-native') ?? ENTRY, pathToFileURL(fileURLToPath(ENTRY)).href);
});
