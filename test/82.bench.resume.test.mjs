// A bench that is killed, divided, changed or met by errors: what it keeps, finishes and refuses.
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { readNpy, writeNpy } from 'fep-native';
import { bench, mergeBenches } from 'fep-native/bench';
import { synthesize } from 'fep-native/datasets';
import { cli, outcome, records, SMALL, start } from './helpers/bench.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';

const OPTIONS = {
  models: [SMALL],
  methods: ['ep@step=16:sigma=23', 'oracle'],
  iterations: 4,
  limit: 4,
  curveSteps: 2,
  removal: 'fade-black', // quicker than a blur
  threads: 1,
  keepClips: 1, // of four: some are let go of as the bench goes on
};
const CURVES = ['--curve-steps', '2', '--removal', 'fade-black'];
const METHODS = ['--method', OPTIONS.methods.join(','), '--iterations', '4', ...CURVES];
const ARGUMENTS = [
  'bench',
  '--model',
  SMALL,
  ...METHODS,
  '--limit',
  '4',
  '--threads',
  '1',
  '--keep-clips',
  '1',
  '--quiet',
];

/** The same bench, never interrupted. */
let whole;
test.before(async (t) => {
  t.timeout(240_000);
  whole = temporaryFolder({ teardown: (clean) => process.once('exit', clean) });
  await bench({ ...OPTIONS, out: whole });
});

const lines = (folder) => {
  const file = join(folder, 'results.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
};

test.serial('killed at any moment, it ends up the same byte for byte', async (t) => {
  t.timeout(240_000);
  const out = join(temporaryFolder(t), 'out');
  const kept = [];
  // While a file is written: its configuration, a mask, a clip, at last a page. After half a line, and right after a line.
  // Of the eight items two belong to a clip; each writes a mask and a line, the first of a clip the clip as well.
  const moments = {
    'rename:1': 0,
    'rename:3': 0,
    'half-line:1': 0,
    'line:1': 1,
    'rename:2': 2,
    'line:2': 4,
    'half-line:2': 5,
    'line:3': 8,
    'rename:4': 8,
  };
  for (const [moment, expected] of Object.entries(moments)) {
    const { signal, stderr } = await cli([...ARGUMENTS, '--out', out], `${moment}:SIGKILL`);
    t.is(signal, 'SIGKILL', `${moment} ${stderr}`);
    kept.push(lines(out));
    t.is(kept.at(-1), expected, moment);
  }
  t.not(temporaries(out).length, 0, 'what was being written is still there');
  const { status, stdout, stderr } = await cli([...ARGUMENTS, '--out', out]);
  t.is(status, 0, stderr);
  t.regex(stdout, new RegExp(`^8 items, ${8 - kept.at(-1)} computed`), `kept ${kept}`);
  t.deepEqual(records(out), records(whole));
  t.deepEqual(outcome(out), outcome(whole));
});

/** Files of a folder that are not whole. */
const temporaries = (folder) =>
  readdirSync(folder, { recursive: true }).filter((name) => /(^|\/)\.[^/]*\.[0-9a-f]{8}\.\w+$/.test(name));

test.serial('of two runs with one --out one waits for the other and computes nothing', async (t) => {
  const out = join(temporaryFolder(t), 'out');
  const args = [...ARGUMENTS.filter((argument) => argument !== '--quiet'), '--out', out];
  const first = start(args);
  while (!existsSync(join(out, '.results.jsonl.lock')) && first.child.exitCode === null) await sleep(5);
  first.child.kill('SIGSTOP'); // until the other has come
  const second = start(args);
  while (!second.said().includes('Another run') && second.child.exitCode === null) await sleep(5);
  first.child.kill('SIGCONT');
  const ends = await Promise.all([first.ended, second.ended]);
  for (const { status, stderr } of ends) t.is(status, 0, stderr);
  const said = ends.map(({ stdout }) => /^8 items, (\d) computed/.exec(stdout)[1]);
  t.deepEqual(said, ['8', '0']);
  t.is(ends.filter(({ stderr }) => /Another run works on .*; waiting/.test(stderr)).length, 1);
  t.deepEqual(records(out), records(whole));
  t.deepEqual(outcome(out), outcome(whole));
});

/** The pages that `bench.html` leads to, in the clips' order, and those that there are. */
function pages(folder) {
  const html = readFileSync(join(folder, 'bench.html'), 'utf8');
  const { clips } = JSON.parse(
    /<script type="application\/json" id="fep-document">(.*?)<\/script>/s.exec(html)[1],
  );
  const files = existsSync(join(folder, 'clips'))
    ? readdirSync(join(folder, 'clips'), { recursive: true })
    : [];
  return {
    linked: clips.flatMap(({ page }) => page ?? []),
    there: files.filter((name) => name.endsWith('.html')).map((name) => `clips/${name}`),
  };
}

test.serial('the best, the worst and the most disputed clip have a page, the others a command', async (t) => {
  const stc = records(whole)
    .filter(({ method }) => method !== 'Oracle')
    .map(({ place, masks: [{ scores }] }) => ({ place, value: scores.stcRecallArea10 }));
  const inOrder = stc.toSorted((a, b) => a.value - b.value || a.place - b.place);
  const best = inOrder.findLast(({ value }, i, all) => i === 0 || value > all[i - 1].value);
  // One method does not disagree with itself: of equals the first.
  const expected = [...new Set([0, inOrder[0].place, best.place])].sort();
  const { linked, there } = pages(whole);
  const page = (place) => `clips/small/${place}-synthetic-2-${place}.html`;
  t.deepEqual(linked, expected.map(page));
  t.true(linked.length < 4);
  t.deepEqual(there.sort(), linked);
  for (const name of linked) {
    const shown = readFileSync(join(whole, name), 'utf8');
    t.true(['3D-EP (16/23)', 'Oracle'].every((method) => shown.includes(`"method":"${method}"`)));
  }
});

test.serial('how many clips are kept is remembered, may be changed, and changes no number', async (t) => {
  const folder = temporaryFolder(t);
  cpSync(whole, folder, { recursive: true });
  const { keepClips: _, ...others } = OPTIONS;
  const tables = ({ 'bench.html': page, 'clips.json': keep, ...files }) =>
    Object.fromEntries(Object.entries(files).filter(([name]) => !name.startsWith('clips/')));
  t.like(await bench({ ...others, out: folder }), { computed: 0 });
  t.deepEqual(outcome(folder), outcome(whole));
  t.like(await bench({ ...others, keepClips: 0, out: folder }), { computed: 0 });
  t.deepEqual(pages(folder), { linked: [], there: [] });
  t.deepEqual(tables(outcome(folder)), tables(outcome(whole)));
  await t.throwsAsync(bench({ ...others, keepClips: -1, out: folder }), { code: 'FEP_USAGE' });
  const { status, stderr } = await cli([...ARGUMENTS, '--out', folder, '--keep-clips', 'most']);
  t.is(status, 2, stderr);
});

test.serial('a torn line is computed again, and nothing else', async (t) => {
  const out = temporaryFolder(t);
  for (const name of ['config.json', 'results.jsonl', 'clips'])
    cpSync(join(whole, name), join(out, name), { recursive: true });
  const size = readFileSync(join(out, 'results.jsonl')).length;
  truncateSync(join(out, 'results.jsonl'), size - 100);
  t.like(await bench({ ...OPTIONS, out }), { items: 8, computed: 1, failed: 0 });
  t.deepEqual(records(out), records(whole));
  t.deepEqual(outcome(out), outcome(whole));
  t.like(await bench({ ...OPTIONS, out }), { items: 8, computed: 0 });
});

test.serial('a changed option is refused by its name, and nothing is touched', async (t) => {
  const before = { ...outcome(whole), results: readFileSync(join(whole, 'results.jsonl'), 'utf8') };
  const changed = async (options, ...names) => {
    const error = await t.throwsAsync(bench({ ...OPTIONS, ...options, out: whole }));
    t.is(error.code, 'FEP_USAGE');
    const settings = error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
    t.deepEqual(settings, names, error.message);
  };
  await changed({ iterations: 5 }, 'iterations: 4 → 5');
  await changed({ area: [0.1, 0.2], seed: 3 }, 'area: [0.1] → [0.1,0.2]', 'seed: 0 → 3');
  await changed({ sigma: 11 }, 'sigma: not set → 11');
  await changed({ methods: ['oracle'] }, 'methods: ["3D-EP (16/23)","Oracle"] → ["Oracle"]');
  await changed({ precision: 'bfloat16' }, 'precision: float32 → bfloat16');
  const error = await t.throwsAsync(bench({ ...OPTIONS, models: ['tsm-mini'], limit: 3, out: whole }));
  t.regex(error.message, /limit: 4 → 3\n/);
  t.regex(error.message, /models: \["small"\] → \["tsm-mini"\]/);
  const { status, stderr } = await cli([...ARGUMENTS, '--out', whole, '--removal', 'blur']);
  t.is(status, 2);
  t.regex(stderr, /removal: fade-black → blur/);
  t.deepEqual({ ...outcome(whole), results: readFileSync(join(whole, 'results.jsonl'), 'utf8') }, before);
});

test.serial('shards and their merge give the table of the whole', async (t) => {
  const folder = temporaryFolder(t);
  const [one, two, out] = ['one', 'two', 'out'].map((name) => join(folder, name));
  const first = await bench({ ...OPTIONS, out: one, shard: { index: 1, of: 2 } });
  t.deepEqual(first, { out: one, items: 4, computed: 4, failed: 0, files: [] });
  const lacking = await t.throwsAsync(mergeBenches([one], out));
  t.regex(lacking.message, /shard 2\/2 lacks 4 items/);
  await bench({ ...OPTIONS, out: two, shard: { index: 2, of: 2 } });

  const { status, stdout, stderr } = await cli(['bench', 'merge', two, one, '--out', out, '--json']);
  t.is(status, 0, stderr);
  t.like(JSON.parse(stdout), { items: 8, failed: 0, out });
  t.deepEqual(records(out), records(whole));
  t.deepEqual(outcome(out), outcome(whole));
  t.like(await mergeBenches([one, two], out), { items: 8 }, 'once more into the same folder');
  t.deepEqual(outcome(out), outcome(whole));

  const unlike = join(folder, 'unlike');
  await bench({ ...OPTIONS, iterations: 1, limit: 1, out: unlike, shard: { index: 2, of: 2 } });
  const other = await t.throwsAsync(mergeBenches([one, unlike], join(folder, 'x')));
  t.is(other.code, 'FEP_USAGE');
  t.regex(other.message, /limit: 4 → 1\n +iterations: 4 → 1/);
  const mixed = await t.throwsAsync(mergeBenches([one, whole], join(folder, 'x')));
  t.regex(mixed.message, /not the shards of one division: 1\/2 in .*one, 1\/1 in/);
  const none = await t.throwsAsync(mergeBenches([folder], join(folder, 'x')));
  t.regex(none.message, /holds no bench/);

  const half = join(two, 'results-2-of-2.jsonl');
  truncateSync(half, readFileSync(half).length - 1);
  const unfinished = await t.throwsAsync(mergeBenches([one, two], join(folder, 'x')));
  t.regex(unfinished.message, /shard 2\/2 lacks 1 items/);
  t.false(existsSync(join(folder, 'x')));
});

test.serial('what fails stops the bench by name, or is noted, passed over and tried again', async (t) => {
  const folder = temporaryFolder(t);
  const data = join(folder, 'data');
  const { rgb, frames, height, width, boxes, className } = synthesize({ seed: 2, index: 0 });
  await writeNpy(join(folder, 'whole.npy'), { data: rgb, shape: [frames, height, width, 3] });
  const { mkdirSync } = await import('node:fs');
  mkdirSync(data);
  copyFileSync(join(folder, 'whole.npy'), join(data, 'a.npy'));
  writeFileSync(join(data, 'b.npy'), readFileSync(join(folder, 'whole.npy')).subarray(0, 5000));
  const clips = ['a.npy', 'b.npy'].map((path) => ({ path, label: className, boxes }));
  writeFileSync(join(data, 'manifest.json'), JSON.stringify({ clips }));
  t.deepEqual((await readNpy(join(data, 'a.npy'))).shape, [16, 112, 112, 3]);

  const out = join(folder, 'out');
  const args = [
    'bench',
    '--model',
    SMALL,
    ...METHODS,
    '--threads',
    '1',
    '--data',
    `folder:${data}`,
    '--out',
    out,
  ];
  const stopped = await cli([...args, '--quiet']);
  t.is(stopped.status, 1);
  t.regex(stopped.stderr, /^error: small, b[^,]*, 3D-EP \(16\/23\): .*b\.npy/);
  t.is(lines(out), 2, 'what was finished is kept');

  const passed = await cli([...args, '--skip-errors']);
  t.is(passed.status, 0, passed.stderr);
  t.regex(passed.stderr, /failed: small, b.*, Oracle: /);
  t.regex(passed.stderr, /2 of 4 items failed/);
  t.regex(passed.stdout, /^4 items, 0 computed in this run, 2 failed\./);
  const errors = readFileSync(join(out, 'errors.jsonl'), 'utf8').trimEnd().split('\n').map(JSON.parse);
  t.deepEqual(
    errors.map(({ place, method }) => [place, method]),
    [
      [1, '3D-EP (16/23)'],
      [1, 'Oracle'],
    ],
  );
  t.regex(readFileSync(join(out, 'table.md'), 'utf8'), /2 items failed/);

  copyFileSync(join(folder, 'whole.npy'), join(data, 'b.npy'));
  const mended = await cli([...args, '--skip-errors', '--json', '--quiet']);
  t.is(mended.status, 0, mended.stderr);
  t.like(JSON.parse(mended.stdout), { items: 4, computed: 2, failed: 0 });
  t.false(existsSync(join(out, 'errors.jsonl')));
  const [a, , b] = records(out);
  t.deepEqual(b.masks, a.masks, 'the same clip');
});

test.serial('Ctrl-C ends it with 130; what is finished is kept', async (t) => {
  const out = join(temporaryFolder(t), 'out');
  const args = ARGUMENTS.filter((argument) => argument !== '--quiet');
  const { status, stdout, stderr } = await cli([...args, '--out', out], 'line:2:SIGINT');
  t.is(status, 130, stderr);
  t.is(stdout, '');
  t.regex(stderr, /^\d\/8 {2}small · synthetic-2-0 · /m);
  t.true(lines(out) >= 2 && lines(out) < 8);
  t.deepEqual(records(out), records(whole).slice(0, lines(out)));
});

test.serial('options from a file, those of the command line before them', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'bench.json');
  writeFileSync(
    file,
    JSON.stringify({ ...OPTIONS, limit: 1, precision: 'bfloat16', out: join(folder, 'out') }),
  );
  const { status, stderr } = await cli([
    'bench',
    '--config',
    file,
    '--limit',
    '2',
    '--shard',
    '1/2',
    '--quiet',
  ]);
  t.is(status, 0, stderr);
  const { options } = JSON.parse(readFileSync(join(folder, 'out', 'config.json'), 'utf8'));
  t.like(options, { limit: 2, precision: 'bfloat16', iterations: 4, curveSteps: 2 });
  t.is(records(join(folder, 'out'), 'results-1-of-2.jsonl').length, 2);
  appendFileSync(file, '}');
  const wrong = await cli(['bench', '--config', file]);
  t.is(wrong.status, 2);
  t.regex(wrong.stderr, /bench\.json cannot be read/);
});
