// A bench that explains several clips and settings side by side: the same numbers, however it is divided or interrupted.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { writeNpy } from 'fep-native';
import { ablate, bench, mergeBenches } from 'fep-native/bench';
import { synthesize } from 'fep-native/datasets';
import { cli, outcome, records, SMALL } from './helpers/bench.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const mask = 'step=16:sigma=23';
const OPTIONS = {
  models: [SMALL],
  methods: [`ep@${mask}`, `f-ep@${mask}`, `f-ep@low-ratio=0.3:high-ratio=0:${mask}`, 'gradients'],
  iterations: 3,
  limit: 5,
  curveSteps: 0,
  threads: 1,
  keepClips: 0,
};
const BATCHED = { ...OPTIONS, batch: 2 };
const ITEMS = 5 * 4;

/** In batches of two clips, the last of one, never interrupted. */
let whole;
test.before(async (t) => {
  t.timeout(240_000);
  whole = temporaryFolder({ teardown: (clean) => process.once('exit', clean) });
  await bench({ ...BATCHED, out: whole });
});

test.serial('the records are those of one clip after the other, up to rounding', async (t) => {
  t.timeout(240_000);
  const out = temporaryFolder(t);
  const seen = [];
  await bench({ ...OPTIONS, out, onProgress: ({ done }) => seen.push(done) });
  t.true(seen.every((done, i) => i === 0 || done >= seen[i - 1]));
  const [single, batched] = [records(out), records(whole)];
  t.is(batched.length, ITEMS);
  for (const [i, one] of single.entries()) {
    const other = batched[i];
    t.like(other, { sample: one.sample, method: one.method, target: { name: one.target.name } });
    const [a, b] = [one.masks[0], other.masks[0]];
    t.true(Math.abs(a.explained - b.explained) <= 0.01, `${one.method}: ${a.explained}, ${b.explained}`);
    t.true(Math.abs(a.scores.realisedArea - b.scores.realisedArea) <= 0.01);
    t.is(a.energy?.iterations, b.energy?.iterations);
  }
});

test.serial('what ran side by side shares the time equally', (t) => {
  const lines = readFileSync(join(whole, 'results.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const secondsOf = (method, places) =>
    lines
      .filter((one) => one.method.startsWith(method) && places.includes(one.place))
      .map(({ timing }) => timing.seconds);
  for (const places of [[0, 1], [2, 3], [4]]) {
    const [ep, fep] = [secondsOf('3D-EP', places), secondsOf('F-EP', places)];
    t.deepEqual([ep.length, new Set(ep).size], [places.length, 1]);
    t.deepEqual([fep.length, new Set(fep).size], [2 * places.length, 1], 'both settings of F-EP');
  }
  t.is(new Set(secondsOf('', [0, 1, 2, 3, 4])).size, 3 + 3 + 5, 'gradients: one clip after the other');
});

test.serial('interrupted in a batch, it ends up the same byte for byte', async (t) => {
  t.timeout(240_000);
  const out = temporaryFolder(t);
  for (const goal of [2, 9]) {
    const stop = new AbortController();
    const onProgress = ({ done }) => done >= goal && stop.abort();
    await t.throwsAsync(bench({ ...BATCHED, out, onProgress, signal: stop.signal }), { code: 'FEP_ABORTED' });
  }
  t.true(records(out).length < ITEMS);
  const { computed } = await bench({ ...BATCHED, out });
  t.true(computed > 0 && computed < ITEMS, `${computed}`);
  t.deepEqual(records(out), records(whole));
  t.deepEqual(outcome(out), outcome(whole));
});

test.serial('batches stay together in shards', async (t) => {
  t.timeout(240_000);
  const folder = temporaryFolder(t);
  const shards = [1, 2].map((index) => join(folder, `${index}`));
  for (const [i, out] of shards.entries()) await bench({ ...BATCHED, out, shard: { index: i + 1, of: 2 } });
  t.deepEqual([...new Set(records(shards[0], 'results-1-of-2.jsonl').map(({ place }) => place))], [0, 1, 4]);
  await mergeBenches(shards, join(folder, 'whole'));
  t.deepEqual(records(join(folder, 'whole')), records(whole));
});

test.serial('a clip that cannot be read takes nothing else along', async (t) => {
  const folder = temporaryFolder(t);
  for (const index of [0, 1, 2]) {
    const { rgb, frames, height, width } = synthesize({ seed: 5, index });
    await writeNpy(join(folder, `${index}.npy`), { data: rgb, shape: [frames, height, width, 3] });
  }
  const clips = [0, 1, 2].map((index) => ({ path: `${index}.npy`, label: 'left' }));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ clips }));
  writeFileSync(join(folder, '1.npy'), 'broken');
  const out = join(folder, 'out');
  mkdirSync(out);
  const data = `folder:${folder}`;
  const { failed } = await bench({ ...BATCHED, limit: undefined, batch: 3, data, out, skipErrors: true });
  t.is(failed, 4);
  t.deepEqual([...new Set(records(out).map(({ place }) => place))], [0, 2]);
  rmSync(out, { recursive: true });
});

test.serial('an ablation runs its cells side by side', async (t) => {
  const out = temporaryFolder(t);
  const grid = { lowRatios: [0.3, 0.5], highRatios: [0, 0.2], domains: ['parameters', 'mask'] };
  const { items, failed } = await ablate({
    out,
    models: [SMALL],
    ...grid,
    iterations: 2,
    limit: 2,
    curveSteps: 0,
    threads: 1,
    keepClips: 0,
    batch: 2,
  });
  t.deepEqual([items, failed], [2 * (2 + 8), 0]);
  const found = records(out).filter(({ place }) => place === 1);
  const areas = found.map(({ masks: [{ scores }] }) => scores.realisedArea);
  t.is(new Set(areas).size, areas.length, 'each cell has a mask of its own');
});

test.serial('from the command line; not over a queue', async (t) => {
  const out = temporaryFolder(t);
  const args = [
    'bench',
    '--model',
    SMALL,
    '--method',
    `ep@${mask}`,
    '--iterations',
    '1',
    '--limit',
    '2',
    '--curve-steps',
    '0',
  ];
  const good = await cli([...args, '--batch', '2', '--out', out, '--quiet']);
  t.is(good.status, 0, good.stderr);
  const bad = await cli([...args, '--batch', '0', '--out', join(out, 'other')]);
  t.is(bad.status, 2);
  t.regex(bad.stderr, /batch/);
  const queue = 'redis://localhost:1/0';
  await t.throwsAsync(bench({ ...BATCHED, out: join(out, 'queue'), queue }), {
    code: 'FEP_USAGE',
    message: /not batches/,
  });
});
