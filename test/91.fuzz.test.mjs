// Bad input: a short run of what `npm run fuzz` does at length, and models that do not behave.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { loadModel } from 'fep-native';
import { openDataset } from 'fep-native/datasets';
import { BOUNDARIES, fuzz } from './fuzz/run.mjs';
import { golden, TINY } from './helpers/golden.mjs';
import { temporaryFolder } from './helpers/libtorch.mjs';
import { exported } from './helpers/python.mjs';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const PEAK_MEMORY = new URL('../dist/system/peakMemory.js', import.meta.url).href;
const CASES = {
  npy: 500,
  pickle: 500,
  manifest: 300,
  datasets: 200,
  archives: 60,
  outputs: 30,
  videos: 150,
  options: 500,
  api: 300,
};

for (const boundary of BOUNDARIES) {
  test.serial(`spoilt ${boundary} are answered or refused with a FepError`, async (t) => {
    const { violations, answered, refused } = await fuzz({ boundary, seed: 1, cases: CASES[boundary] });
    t.deepEqual(violations, []);
    t.is(answered + refused, CASES[boundary]);
    t.true(
      answered > 0 && refused > 0,
      `${answered} answered, ${refused} refused: the cases do not reach deep`,
    );
  });
}

test.serial('what spoils input finds a defect where there is one', async (t) => {
  const { violations } = await fuzz({ boundary: 'defect', cases: 60 });
  const kinds = new Set(violations.map(({ what }) => what));
  t.deepEqual([...kinds].sort(), [
    'FEP_INTERNAL',
    'an uncaught rejection',
    'it ended the process',
    'not a FepError',
  ]);
});

test.serial('the memory that is watched is the run’s own, whatever started it', (t) => {
  const held = Buffer.alloc(400 * 2 ** 20, 1);
  const program = `import { peakMemory } from ${JSON.stringify(PEAK_MEMORY)}; console.log(peakMemory());`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  const bytes = Number(stdout);
  t.true(bytes > 20 * 2 ** 20 && bytes < held.length / 2, `${bytes} bytes`);
});

test('a cell of a hundred thousand blanks is refused at once', async (t) => {
  const folder = temporaryFolder(t);
  const fixture = fileURLToPath(new URL('fixtures/datasets/epic-object', import.meta.url));
  cpSync(fixture, folder, { recursive: true });
  const table = join(folder, 'Valid_seg_top20_4_val.csv');
  const long = readFileSync(table, 'utf8').replace(')}', `)${' '.repeat(100_000)}x}`);
  writeFileSync(table, long);
  const start = performance.now();
  const error = await t.throwsAsync(openDataset(`epic-object:${folder}`));
  t.is(error.code, 'FEP_DATASET');
  t.true(performance.now() - start < 2000);
});

test('a manifest that asks for more memory than there is, is refused before it is taken', async (t) => {
  const input = { ...TINY.input, frames: 4096, height: 8192, width: 8192 };
  const error = await t.throwsAsync(loadModel(golden('tiny.pt'), { ...TINY, input }));
  t.is(error.code, 'FEP_OUT_OF_MEMORY');
  t.regex(error.message, /takes \d+\.\d GB, this machine has/);
});

/** Explains with a model in a process of its own, of which this sees the end only. */
function isolated(model, limits) {
  const bare = ['--layout', 'NCTHW', '--frames', '16', '--size', '64', '--activation', 'logits'];
  const args = [
    MAIN,
    'explain',
    golden('clip.npy'),
    '--model',
    model,
    ...bare,
    '--isolate',
    ...limits,
    '--json',
  ];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, signal, stderr, result: JSON.parse(stdout.trim().split('\n').pop() || '{}') };
}

test.serial(
  '--isolate: a model that never answers, and one that takes all memory, end at a limit',
  async (t) => {
    const folder = await exported((into) => ['unruly_models.py', into]);
    const loop = isolated(join(folder, 'loop.pt'), ['--time-limit', '6']);
    t.is(loop.signal, null);
    t.is(loop.result.error.code, 'FEP_ABORTED');
    t.regex(loop.stderr, /longer than 6 s/);
    const hog = isolated(join(folder, 'hog.pt'), ['--memory-limit', '1200']);
    t.is(hog.status, 1);
    t.is(hog.result.error.code, 'FEP_OUT_OF_MEMORY');
  },
);

test.serial('--isolate: a model that behaves is explained as ever', (t) => {
  const out = temporaryFolder(t);
  const quick = ['--method', 'gradients', '--out', out, '--quiet'];
  const { status, stderr, result } = isolated(golden('tiny.pt'), quick);
  t.is(status, 0, stderr);
  t.is(result.method, 'gradients');
  t.is(result.explanations.length, 1);
});
